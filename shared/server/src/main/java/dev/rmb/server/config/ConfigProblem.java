package dev.rmb.server.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param path of the setting, keys joined by dots; the name of an environment variable where the
 *     fault is with that; empty for the file as a whole
 * @param what is wrong and what to do about it
 */
public record ConfigProblem(String path, String what) {
    @Override
    public String toString() {
        return path.isEmpty() ? what : path + ": " + what;
    }
}
