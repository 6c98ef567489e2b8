package dev.rmb.peer.upload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory that files come from and go to, and nothing outside it. What other twins send is in
 * a folder of its own for each of them, under the name that they gave; parts of files are in a
 * hidden one.
 */
final class UploadDirectory {
    private static final String PARTS = ".parts";
    private static final int MAX_NAME_BYTES = 200;

    /**
     * Neither separators nor what a shell, a terminal or another system takes for something else.
     */
    private static final Pattern UNSAFE = Pattern.compile("[/\\\\:*?\"<>|\\p{Cntrl}\\p{Cf}]");

    private final Path root;

    /**
     * @throws IOException if it is no directory and cannot be made one
     */
    UploadDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
        root = directory.toRealPath();
        Files.createDirectories(root.resolve(PARTS));
        if (!isOwnDirectory(root.resolve(PARTS))) {
            throw new IOException(PARTS + " in " + root + " is no directory");
        }
    }

    private static boolean isOwnDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    Path root() {
        return root;
    }

    /** A file that may be sent. Links that lead out of the directory do not. */
    Path source(String path) throws UploadException, IOException {
        Path real;
        try {
            real = root.resolve(path).toRealPath();
        } catch (InvalidPathException | FileSystemException e) {
            throw new UploadException("there is no such file in the uploads directory");
        }
        if (!real.startsWith(root) || real.startsWith(root.resolve(PARTS))) {
            throw new UploadException("there is no such file in the uploads directory");
        }
        if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new UploadException("it is not a file");
        }
        return real;
    }

    /** Refuses names that could be anything but a file of this name in the folder. */
    static String checkedName(String name) throws UploadException {
        if (name.isBlank()
                || name.startsWith(".")
                || name.endsWith(".")
                || name.endsWith(" ")
                || UNSAFE.matcher(name).find()
                || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new UploadException("such a file name is not taken");
        }
        return name;
    }

    /**
     * Where parts of a file wait to become whole.
     *
     * @param key letters and digits
     */
    Path part(long twin, String key) {
        return root.resolve(PARTS).resolve(twin + "-" + key);
    }

    /** The parts of a twin's files that wait to become whole, and their bytes. */
    Map<Path, Long> parts(long twin) throws IOException {
        Map<Path, Long> sizes = new HashMap<>();
        try (DirectoryStream<Path> parts =
                Files.newDirectoryStream(root.resolve(PARTS), twin + "-*")) {
            for (Path part : parts) {
                try {
                    sizes.put(part, Files.size(part));
                } catch (NoSuchFileException e) {
                    // It has just become whole, or was forgotten.
                    sizes.remove(part);
                }
            }
        }
        return sizes;
    }

    /** Whether there is a file of this name, in whatever case its letters are. */
    boolean has(long twin, String name) throws IOException {
        Path folder = root.resolve(Long.toString(twin));
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(
                    file -> String.valueOf(file.getFileName()).equalsIgnoreCase(name));
        }
    }

    /** Gives a whole file its place and name. */
    Path keep(Path part, long twin, String name) throws UploadException, IOException {
        Path folder = root.resolve(Long.toString(twin));
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder);
        }
        if (!isOwnDirectory(folder)) {
            throw new UploadException("files of this twin are not taken");
        }
        if (has(twin, name)) {
            throw new UploadException("there is a file of this name already");
        }
        Path file = folder.resolve(name);
        if (!folder.equals(file.normalize().getParent())) {
            throw new UploadException("such a file name is not taken");
        }
        try {
            return Files.move(part, file);
        } catch (FileAlreadyExistsException e) {
            throw new UploadException("there is a file of this name already");
        }
    }

    /** Forgets parts that nobody has added to since then. */
    void sweep(Instant since) throws IOException {
        try (Stream<Path> parts = Files.list(root.resolve(PARTS))) {
            for (Path part : parts.toList()) {
                if (Files.getLastModifiedTime(part, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(since)) {
                    Files.deleteIfExists(part);
                }
            }
        }
    }
}
