package dev.rmb.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.validation.BaseValidator;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads one configuration. Goes through the tree of the file along the schema, so that every fault
 * is found, and not only the first; only a tree without fault becomes the record. Not thread-safe.
 */
final class ConfigReader {
    private final String source;
    private final ObjectMapper mapper = mapper();
    private final Schema schema = new Schema(mapper);
    private final Validator validator =
            BaseValidator.newConfiguration()
                    .defaultLocale(Locale.ENGLISH)
                    .buildValidatorFactory()
                    .getValidator();
    private final List<ConfigProblem> problems = new ArrayList<>();

    /** Which variable a setting came from, by the setting's path. */
    private final Map<String, String> origins = new HashMap<>();

    ConfigReader(String source) {
        this.source = source;
    }

    private static ObjectMapper mapper() {
        var yaml = new YAMLFactory();
        yaml.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        ObjectMapper mapper = Jackson.newObjectMapper(yaml);
        mapper.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
        mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        mapper.coercionConfigDefaults()
                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
        mapper.registerModule(
                new SimpleModule().addDeserializer(Duration.class, new DurationDeserializer()));
        return mapper;
    }

    <C> C read(String yaml, Class<C> type, Map<String, String> environment) {
        JavaType root = mapper.constructType(type);
        ObjectNode tree = tree(yaml);
        var overrides = new EnvironmentOverrides(schema, mapper, root);
        overrides.apply(tree, environment, problems::add, origins);
        Object value = section(root, root, tree, "", Set.of());
        if (value == null) {
            throw new ConfigException(source, problems);
        }
        return type.cast(value);
    }

    private ObjectNode tree(String yaml) {
        JsonNode tree;
        try {
            tree = mapper.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw refused("line " + line(e) + " is no valid YAML: " + e.getOriginalMessage());
        }
        if (isAbsent(tree)) {
            return mapper.createObjectNode();
        }
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw refused("the file must consist of keys and values");
    }

    private static int line(JsonProcessingException e) {
        return e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    }

    private ConfigException refused(String what) {
        return new ConfigException(source, List.of(new ConfigProblem("", what)));
    }

    /**
     * Checks one section and makes its record.
     *
     * @param type with the settings
     * @param declared as which it is made: {@code type}, or the interface it is one kind of
     * @param more keys that are allowed beside the settings
     * @return {@code null} if problems were found
     */
    private @Nullable Object section(
            JavaType type, JavaType declared, ObjectNode node, String path, Set<String> more) {
        int before = problems.size();
        List<Schema.Setting> settings = schema.settings(type);
        refuseUnknown(type, settings, node, path, more);
        for (Schema.Setting setting : settings) {
            String at = join(path, setting.name());
            JsonNode child = node.get(setting.name());
            if (isAbsent(child)) {
                child = instead(setting);
                if (child == null) {
                    node.remove(setting.name());
                    if (!setting.optional()) {
                        problem(at, "is required");
                    }
                    continue;
                }
                node.set(setting.name(), child);
            }
            int beforeChild = problems.size();
            JsonNode checked = value(setting.type(), child, at);
            node.set(setting.name(), checked);
            if (problems.size() == beforeChild) {
                validate(type, setting, checked, at);
            }
        }
        return problems.size() > before ? null : convert(declared, node, path);
    }

    private void refuseUnknown(
            JavaType type,
            List<Schema.Setting> settings,
            ObjectNode node,
            String path,
            Set<String> more) {
        Set<String> known = new TreeSet<>(more);
        settings.forEach(s -> known.add(s.name()));
        Set<String> open = schema.openKeys(type);
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = field.getKey();
            if (open.contains(name)) {
                if (!field.getValue().isValueNode()) {
                    problem(join(path, name), "must be a single value");
                }
            } else if (!known.contains(name)) {
                Set<String> all = new TreeSet<>(known);
                all.addAll(open);
                String hint =
                        Nearest.to(name, all)
                                .map(near -> "did you mean " + near + "?")
                                .orElseGet(() -> "known here are " + String.join(", ", known));
                problem(join(path, name), "there is no such setting; " + hint);
            }
        }
    }

    /** What an absent setting is read as; {@code null} if it stays absent. */
    private @Nullable JsonNode instead(Schema.Setting setting) {
        if (setting.defaultValue() != null) {
            try {
                return mapper.readTree(setting.defaultValue());
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the default of " + setting + " is no YAML", e);
            }
        }
        if (setting.optional()) {
            return null;
        }
        JavaType type = setting.type();
        if (schema.isSection(type) || schema.choice(type).isPresent() || type.isMapLikeType()) {
            return mapper.createObjectNode();
        }
        return type.isCollectionLikeType() ? mapper.createArrayNode() : null;
    }

    /** Checks a value and all below it; returns it with its defaults. */
    private JsonNode value(JavaType type, JsonNode node, String path) {
        var choice = schema.choice(type);
        if (choice.isPresent()) {
            return choice(choice.get(), type, node, path);
        }
        if (schema.isSection(type)) {
            if (node instanceof ObjectNode object) {
                section(type, type, object, path, Set.of());
            } else {
                problem(path, "must be a section with keys of its own");
            }
        } else if (type.isCollectionLikeType()) {
            if (node.isArray()) {
                for (int i = 0; i < node.size(); i++) {
                    // The short form of an element, `[websocket]`, comes back written out.
                    JsonNode checked =
                            value(type.getContentType(), node.get(i), path + "[" + i + "]");
                    ((ArrayNode) node).set(i, checked);
                }
            } else {
                problem(path, "must be a list");
            }
        } else if (type.isMapLikeType()) {
            if (node.isObject()) {
                for (Map.Entry<String, JsonNode> entry : node.properties()) {
                    entry.setValue(
                            value(
                                    type.getContentType(),
                                    entry.getValue(),
                                    join(path, entry.getKey())));
                }
            } else {
                problem(path, "must consist of keys and values");
            }
        } else {
            convert(type, node, path);
        }
        return node;
    }

    private JsonNode choice(Schema.Choice choice, JavaType type, JsonNode node, String path) {
        ObjectNode object;
        if (node instanceof ObjectNode written) {
            object = written;
        } else if (node.isTextual()) {
            // `twins: registry` says all there is to say.
            object = mapper.createObjectNode().put(choice.key(), node.asText());
        } else {
            problem(path, "must be a section with keys of its own");
            return node;
        }
        JsonNode named = object.get(choice.key());
        String kind = isAbsent(named) ? choice.defaultKind() : named.asText();
        String at = join(path, choice.key());
        if (kind == null) {
            problem(at, "is required: one of " + String.join(", ", choice.kinds().keySet()));
            return object;
        }
        JavaType concrete = choice.kinds().get(kind);
        if (concrete == null) {
            String hint =
                    Nearest.to(kind, choice.kinds().keySet())
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("");
            problem(
                    at,
                    "'"
                            + kind
                            + "' is none of "
                            + String.join(", ", choice.kinds().keySet())
                            + hint);
            return object;
        }
        object.put(choice.key(), kind);
        section(concrete, type, object, path, Set.of(choice.key()));
        return object;
    }

    private @Nullable Object convert(JavaType type, JsonNode node, String path) {
        try {
            return mapper.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            problem(path, Complaint.about(e, type, node));
        } catch (IllegalArgumentException e) {
            problem(path, Complaint.text(e));
        }
        return null;
    }

    private void validate(JavaType section, Schema.Setting setting, JsonNode node, String path) {
        Object value = convert(setting.type(), node, path);
        for (ConstraintViolation<?> violation :
                validator.validateValue(section.getRawClass(), setting.component(), value)) {
            problem(path, violation.getMessage());
        }
    }

    private void problem(String path, String what) {
        String origin = origins.get(path);
        problems.add(new ConfigProblem(origin == null ? path : origin, what));
    }

    private static boolean isAbsent(@Nullable JsonNode node) {
        return node == null || node.isNull() || node.isMissingNode();
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
