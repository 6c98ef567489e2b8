package dev.rmb.server.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens from a file with one a line; empty lines and those that begin with {@code #} say nothing.
 * A changed file is in use within a second or two; one that is broken or gone then leaves what was
 * read before. Owns a thread. Thread-safe.
 */
final class TokenFile implements AutoCloseable {
    /** Small enough to be read each time: no clock of a file system has to tell changes apart. */
    private static final int MAX_BYTES = 256 << 10;

    private static final Logger log = LoggerFactory.getLogger(TokenFile.class);

    private final Path file;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("admin-tokens").daemon().factory());
    private volatile List<KnownToken> tokens;

    // Of the thread, after the constructor.
    private byte[] content;
    private @Nullable String complaint;

    private TokenFile(Path file, byte[] content, List<KnownToken> tokens) {
        this.file = file;
        this.content = content;
        this.tokens = tokens;
    }

    /**
     * Reads the file and begins to follow it.
     *
     * @param look how often it is looked at
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static TokenFile open(Path file, Duration look) {
        byte[] content = read(file);
        TokenFile opened = new TokenFile(file, content, parse(file, content));
        opened.follow(look);
        return opened;
    }

    /**
     * Reads the file, once, to see whether it can be used.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static List<KnownToken> check(Path file) {
        return parse(file, read(file));
    }

    List<KnownToken> tokens() {
        return tokens;
    }

    private void follow(Duration look) {
        var _ =
                thread.scheduleWithFixedDelay(
                        this::look, look.toMillis(), look.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            byte[] found = read(file);
            if (!Arrays.equals(found, content)) {
                List<KnownToken> changed = parse(file, found);
                content = found;
                tokens = changed;
                log.info(
                        "The admin tokens in {} have changed: there are {} now",
                        file,
                        changed.size());
            }
            complaint = null;
        } catch (RuntimeException e) {
            String now = String.valueOf(e.getMessage());
            if (!now.equals(complaint)) {
                complaint = now;
                log.warn("The admin tokens of before stay in use: {}", now);
            }
        }
    }

    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new IllegalArgumentException(file + " is too large for a file of tokens");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e, e);
        }
    }

    private static List<KnownToken> parse(Path file, byte[] content) {
        List<KnownToken> tokens = new ArrayList<>();
        List<String> lines = text(file, content).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    tokens.add(KnownToken.ofLine(line));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            file + ", line " + (i + 1) + ": " + e.getMessage(), e);
                }
            }
        }
        return List.copyOf(tokens);
    }

    private static String text(Path file, byte[] content) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " is not UTF-8 text", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
