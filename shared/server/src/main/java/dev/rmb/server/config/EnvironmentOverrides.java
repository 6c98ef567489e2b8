package dev.rmb.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts environment variables over the tree of a file. A variable is matched with a path by letters
 * and digits alone: {@code RMB_KAFKA_BOOTSTRAP_SERVERS} is {@code kafka} then {@code
 * bootstrap.servers}, {@code RMB_GATEWAY_MAX_FRAME} is {@code gateway.maxFrame}.
 */
final class EnvironmentOverrides {
    private static final String PREFIX = "RMB_";

    /** Other variables of this project, such as RMB_MNEMONIC, are somebody else's. */
    private static final Set<String> TOP_KEYS =
            Set.of("gateway", "router", "kafka", "twins", "admin", "logging");

    /** Of tools that ask a relay; who has it set may start one, too. */
    private static final String OF_TOOLS = "RMB_ADMIN_TOKEN";

    private final Schema schema;
    private final ObjectMapper mapper;
    private final JavaType root;

    EnvironmentOverrides(Schema schema, ObjectMapper mapper, JavaType root) {
        this.schema = schema;
        this.mapper = mapper;
        this.root = root;
    }

    /** A place in the tree; keys are names, or positions in a list. */
    private record Target(List<String> keys, JavaType type) {
        String path() {
            var path = new StringBuilder();
            for (String key : keys) {
                if (key.startsWith("[")) {
                    path.append(key);
                } else {
                    path.append(path.isEmpty() ? "" : ".").append(key);
                }
            }
            return path.toString();
        }

        String variable() {
            return PREFIX
                    + String.join("_", keys)
                            .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                            .replaceAll("[^A-Za-z0-9]+", "_")
                            .replaceAll("_$", "")
                            .toUpperCase(Locale.ROOT);
        }
    }

    /**
     * @param origins gets the variable of each path that was set
     */
    void apply(
            ObjectNode tree,
            Map<String, String> environment,
            Consumer<ConfigProblem> problems,
            Map<String, String> origins) {
        // Kinds first: the settings that a section has depend on its kind.
        var ordered =
                new TreeMap<String, String>(
                        Comparator.comparingInt((String name) -> name.endsWith("_TYPE") ? 0 : 1)
                                .thenComparing(Comparator.naturalOrder()));
        environment.forEach((name, value) -> {
            if (isSetting(name)) {
                ordered.put(name, value);
            }
        });
        ordered.forEach((name, value) -> {
            List<Target> targets = new ArrayList<>();
            find(root, tree, squeeze(name.substring(PREFIX.length())), List.of(), targets);
            if (targets.size() == 1) {
                Target target = targets.get(0);
                try {
                    set(tree, target, parsed(target.type(), value));
                    origins.put(target.path(), name);
                } catch (JsonProcessingException e) {
                    problems.accept(new ConfigProblem(name, "its value is no valid YAML"));
                }
            } else {
                problems.accept(new ConfigProblem(name, unclear(name, tree, targets)));
            }
        });
    }

    private static boolean isSetting(String name) {
        if (!name.startsWith(PREFIX) || name.equals(OF_TOOLS)) {
            return false;
        }
        String path = name.substring(PREFIX.length());
        return TOP_KEYS.stream()
                .map(key -> key.toUpperCase(Locale.ROOT))
                .anyMatch(key -> path.equals(key) || path.startsWith(key + "_"));
    }

    private String unclear(String name, ObjectNode tree, List<Target> targets) {
        if (!targets.isEmpty()) {
            return "means more than one setting: "
                    + String.join(", ", targets.stream().map(Target::path).toList());
        }
        Set<String> known = new TreeSet<>();
        all(root, tree, List.of(), known);
        return "there is no such setting"
                + Nearest.to(name, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; unset the variable");
    }

    private void find(
            JavaType type,
            @Nullable JsonNode node,
            String rest,
            List<String> keys,
            List<Target> found) {
        if (rest.isEmpty()) {
            found.add(new Target(keys, type));
            return;
        }
        children(
                type,
                node,
                (key, childType, child) -> {
                    String squeezed = squeeze(key);
                    if (rest.startsWith(squeezed)) {
                        find(
                                childType,
                                child,
                                rest.substring(squeezed.length()),
                                append(keys, key),
                                found);
                    }
                });
    }

    private void all(
            JavaType type, @Nullable JsonNode node, List<String> keys, Set<String> variables) {
        if (!keys.isEmpty()) {
            variables.add(new Target(keys, type).variable());
        }
        children(
                type,
                node,
                (key, childType, child) -> all(childType, child, append(keys, key), variables));
    }

    private interface ChildVisitor {
        void visit(String key, JavaType type, @Nullable JsonNode child);
    }

    private void children(JavaType type, @Nullable JsonNode node, ChildVisitor visitor) {
        JavaType text = mapper.constructType(String.class);
        JavaType section = type;
        var choice = schema.choice(type);
        if (choice.isPresent()) {
            String key = choice.get().key();
            visitor.visit(key, text, null);
            String kind =
                    node == null ? "" : node.isTextual() ? node.asText() : node.path(key).asText();
            JavaType concrete =
                    choice.get()
                            .kinds()
                            .get(
                                    kind.isEmpty() && choice.get().defaultKind() != null
                                            ? choice.get().defaultKind()
                                            : kind);
            if (concrete == null) {
                return;
            }
            section = concrete;
        }
        if (schema.isSection(section)) {
            for (Schema.Setting setting : schema.settings(section)) {
                visitor.visit(setting.name(), setting.type(), child(node, setting.name()));
            }
            for (String key : schema.openKeys(section)) {
                visitor.visit(key, text, null);
            }
        } else if (type.isCollectionLikeType() && node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                visitor.visit("[" + i + "]", type.getContentType(), list.get(i));
            }
        } else if (type.isMapLikeType() && node instanceof ObjectNode map) {
            for (Map.Entry<String, JsonNode> entry : map.properties()) {
                visitor.visit(entry.getKey(), type.getContentType(), entry.getValue());
            }
        }
    }

    private static @Nullable JsonNode child(@Nullable JsonNode node, String name) {
        return node == null ? null : node.get(name);
    }

    private JsonNode parsed(JavaType type, String value) throws JsonProcessingException {
        if (type.isCollectionLikeType() && !value.strip().startsWith("[")) {
            ArrayNode list = mapper.createArrayNode();
            for (String element : value.split(",", -1)) {
                if (!element.isBlank()) {
                    list.add(element.strip());
                }
            }
            return list;
        }
        boolean structured =
                type.isContainerType() || schema.isSection(type) || schema.choice(type).isPresent();
        return structured ? mapper.readTree(value) : mapper.getNodeFactory().textNode(value);
    }

    private void set(ObjectNode tree, Target target, JsonNode value) {
        JsonNode parent = tree;
        List<String> keys = target.keys();
        for (int i = 0; i < keys.size() - 1; i++) {
            JsonNode next = get(parent, keys.get(i));
            if (next == null || next.isNull()) {
                next = mapper.createObjectNode();
                put(parent, keys.get(i), next);
            } else if (next.isTextual()) {
                // A section written as the name of its kind.
                next = mapper.createObjectNode().put("type", next.asText());
                put(parent, keys.get(i), next);
            }
            parent = next;
        }
        put(parent, keys.get(keys.size() - 1), value);
    }

    private static @Nullable JsonNode get(JsonNode parent, String key) {
        return key.startsWith("[") ? parent.get(position(key)) : parent.get(key);
    }

    private static void put(JsonNode parent, String key, JsonNode value) {
        if (parent instanceof ArrayNode list) {
            list.set(position(key), value);
        } else if (parent instanceof ObjectNode object) {
            object.set(key, value);
        }
    }

    private static int position(String key) {
        return Integer.parseInt(key.substring(1, key.length() - 1));
    }

    private static List<String> append(List<String> keys, String key) {
        List<String> longer = new ArrayList<>(keys);
        longer.add(key);
        return List.copyOf(longer);
    }

    private static String squeeze(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toUpperCase(Locale.ROOT);
    }
}
