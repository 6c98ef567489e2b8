package dev.rmb.standalone.command;

import dev.rmb.protocol.identity.Mnemonics;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** Makes files with new secrets, readable by their owner only. */
final class SecretFile {
    private SecretFile() {}

    /**
     * Writes a new mnemonic to a file that must not exist yet.
     *
     * @throws CommandException if it exists or cannot be written
     */
    static void create(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly =
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        try {
            Files.createFile(file, ownerOnly);
            Files.writeString(
                    file,
                    Mnemonics.generate(new SecureRandom()) + "\n",
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(file + " exists; a secret is never overwritten", e);
        } catch (IOException e) {
            throw new CommandException("cannot write " + file + ": " + e, e);
        }
    }
}
