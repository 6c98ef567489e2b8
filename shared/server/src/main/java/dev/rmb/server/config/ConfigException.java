package dev.rmb.server.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration was refused; the message lists everything that is wrong with it. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    ConfigException(String source, List<ConfigProblem> problems) {
        super(message(source, problems));
        this.problems = List.copyOf(problems);
    }

    /** At least one, in the order of the file. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    private static String message(String source, List<ConfigProblem> problems) {
        return source
                + (problems.size() == 1 ? " has a problem:" : " has several problems:")
                + problems.stream().map(p -> "\n  " + p).collect(Collectors.joining());
    }
}
