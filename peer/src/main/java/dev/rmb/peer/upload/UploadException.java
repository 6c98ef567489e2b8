package dev.rmb.peer.upload;

/** A file cannot be sent or taken; the text is for whoever asked. */
final class UploadException extends Exception {
    private static final long serialVersionUID = 1;

    UploadException(String message) {
        super(message, null, false, false);
    }
}
