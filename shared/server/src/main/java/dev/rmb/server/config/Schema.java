package dev.rmb.server.config;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedClassResolver;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What may be written where: read off the configuration records. */
final class Schema {
    private final ObjectMapper mapper;

    Schema(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * A key of a section.
     *
     * @param name as written in the file
     * @param component as named in the record
     * @param defaultValue as it would be written in the file
     * @param optional whether it may be absent, without a default
     */
    record Setting(
            String name,
            String component,
            JavaType type,
            @Nullable String defaultValue,
            boolean optional) {}

    /**
     * A section of which several kinds exist.
     *
     * @param key that names the kind
     * @param kinds by the name of each
     * @param defaultKind where none is named
     */
    record Choice(String key, Map<String, JavaType> kinds, @Nullable String defaultKind) {}

    /** Whether values of {@code type} are written as keys and values, known by name. */
    boolean isSection(JavaType type) {
        return type.getRawClass().isRecord() && !isWrittenAsOneValue(type.getRawClass());
    }

    private static boolean isWrittenAsOneValue(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .anyMatch(m -> m.isAnnotationPresent(JsonCreator.class));
    }

    List<Setting> settings(JavaType section) {
        return Arrays.stream(section.getRawClass().getRecordComponents())
                .filter(c -> !c.getAccessor().isAnnotationPresent(JsonAnySetter.class))
                .map(this::setting)
                .toList();
    }

    private Setting setting(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        boolean named = property != null && !property.value().isEmpty();
        boolean defaulted = property != null && !property.defaultValue().isEmpty();
        return new Setting(
                named ? property.value() : component.getName(),
                component.getName(),
                mapper.constructType(component.getGenericType()),
                defaulted ? property.defaultValue() : null,
                component.getAnnotatedType().isAnnotationPresent(Nullable.class));
    }

    /** Keys that a section takes beyond its settings. */
    Set<String> openKeys(JavaType section) {
        OpenSection open = section.getRawClass().getAnnotation(OpenSection.class);
        if (open == null) {
            return Set.of();
        }
        try {
            Constructor<? extends Supplier<Set<String>>> constructor =
                    open.keys().getDeclaredConstructor();
            // It may be private to the package of its section.
            constructor.setAccessible(true);
            return constructor.newInstance().get();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    open.keys() + " needs a constructor without parameters", e);
        }
    }

    Optional<Choice> choice(JavaType type) {
        JsonTypeInfo info = type.getRawClass().getAnnotation(JsonTypeInfo.class);
        if (info == null || !type.isAbstract()) {
            return Optional.empty();
        }
        DeserializationConfig config = mapper.getDeserializationConfig();
        Map<String, JavaType> kinds = new TreeMap<>();
        String defaultKind = null;
        for (NamedType kind :
                mapper.getSubtypeResolver()
                        .collectAndResolveSubtypesByTypeId(
                                config, AnnotatedClassResolver.resolve(config, type, config))) {
            if (kind.hasName() && kind.getType() != type.getRawClass()) {
                kinds.put(kind.getName(), mapper.constructType(kind.getType()));
                if (kind.getType() == info.defaultImpl()) {
                    defaultKind = kind.getName();
                }
            }
        }
        return Optional.of(new Choice(info.property(), kinds, defaultKind));
    }
}
