package dev.rmb.tfchain.metadata;

/**
 * Something that a transaction carries besides its call.
 *
 * @param sent the type of what is sent
 * @param signed the type of what is only signed, since both sides know it
 */
public record SignedExtension(String name, int sent, int signed) {}
