package dev.rmb.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reports as files. */
final class Json {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Json() {}

    /** Writes a report, if there is a file for it. */
    static void write(@Nullable Path file, Object report) throws IOException {
        if (file != null) {
            JSON.writeValue(file.toFile(), report);
        }
    }
}
