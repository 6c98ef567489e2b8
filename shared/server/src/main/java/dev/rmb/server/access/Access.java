package dev.rmb.server.access;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a method of a resource answers, as {@link Needs} and {@link Open} say. */
public sealed interface Access {
    record Everybody() implements Access {}

    /** Whoever holds a token with this role. */
    record Holders(Role role) implements Access {}

    /** Nobody has said it. */
    record Undeclared() implements Access {}

    static Access of(Class<?> resource, Method method) {
        Needs needs = method.getAnnotation(Needs.class);
        if (needs != null) {
            return new Holders(needs.value());
        }
        if (method.isAnnotationPresent(Open.class)) {
            return new Everybody();
        }
        Needs ofAll = resource.getAnnotation(Needs.class);
        if (ofAll != null) {
            return new Holders(ofAll.value());
        }
        return resource.isAnnotationPresent(Open.class) ? new Everybody() : new Undeclared();
    }

    /**
     * Refuses a resource with a method of which nobody has said whom it answers.
     *
     * @throws IllegalArgumentException that names the methods
     */
    static void check(Class<?> component) {
        if (!component.isAnnotationPresent(Path.class)) {
            return;
        }
        List<String> undeclared =
                Arrays.stream(component.getMethods())
                        .filter(method -> verb(method) != null || isLocator(method))
                        .filter(method -> of(component, method) instanceof Undeclared)
                        .map(Method::getName)
                        .sorted()
                        .toList();
        if (!undeclared.isEmpty()) {
            throw new IllegalArgumentException(
                    component.getName()
                            + " does not say which role it needs (@Needs, @Open): "
                            + String.join(", ", undeclared));
        }
    }

    private static boolean isLocator(Method method) {
        return method.isAnnotationPresent(Path.class);
    }

    /** GET, POST, …; {@code null} if it answers no request. */
    private static @Nullable String verb(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                return verb.value();
            }
        }
        return null;
    }
}
