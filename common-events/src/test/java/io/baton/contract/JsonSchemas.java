package io.baton.contract;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema (draft 7, which AsyncAPI understands too) of a message, made from its record. It describes what is
 * written; readers ignore further fields, so further fields are valid.
 */
final class JsonSchemas {

    private static final Map<String, Object> ID = ordered("type", "string", "pattern", "^[0-7][0-9A-HJKMNP-TV-Z]{12}$");

    private JsonSchemas() {}

    static Map<String, Object> of(MessageType type) {
        Map<String, Object> schema = ordered(
                "$schema", "http://json-schema.org/draft-07/schema#",
                "title", type.name(),
                "description", "On " + String.join(", ", type.topics().stream().sorted().toList()) + ".");
        schema.putAll(ofRecord(type.body()));
        return schema;
    }

    private static Map<String, Object> ofRecord(Class<?> type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            properties.put(component.getName(), ofType(component.getAnnotatedType()));
            required.add(component.getName());
        }
        Map<String, Object> schema = ordered("type", "object", "properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    private static Map<String, Object> ofType(AnnotatedType annotated) {
        Map<String, Object> schema = ofNonNull(annotated);
        if (annotated.isAnnotationPresent(Nullable.class)) {
            schema.put("type", List.of(schema.get("type"), "null"));
        }
        return schema;
    }

    private static Map<String, Object> ofNonNull(AnnotatedType annotated) {
        if (annotated instanceof AnnotatedParameterizedType list && raw(list) == List.class) {
            return ordered("type", "array", "items", ofType(list.getAnnotatedActualTypeArguments()[0]));
        }
        Class<?> type = raw(annotated);
        if (type == OrderId.class || type == SagaId.class) {
            return new LinkedHashMap<>(ID);
        }
        if (type == Money.class) {
            Map<String, Object> money = ofRecord(type);
            asObject(asObject(money.get("properties")).get("currency")).put("pattern", "^[A-Z]{3}$");
            return money;
        }
        if (type == String.class) {
            return ordered("type", "string");
        }
        if (type == Instant.class) {
            return ordered("type", "string", "format", "date-time");
        }
        if (type == int.class) {
            return ordered("type", "integer", "minimum", Integer.MIN_VALUE, "maximum", Integer.MAX_VALUE);
        }
        if (type == long.class) {
            return ordered("type", "integer", "format", "int64");
        }
        if (type.isEnum()) {
            return ordered(
                    "type", "string", "enum", Arrays.stream(type.getEnumConstants()).map(Object::toString).toList());
        }
        if (type.isRecord()) {
            return ofRecord(type);
        }
        throw new IllegalStateException("Teach JsonSchemas how " + type + " is written");
    }

    private static Class<?> raw(AnnotatedType annotated) {
        return annotated.getType() instanceof java.lang.reflect.ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : (Class<?>) annotated.getType();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asObject(@Nullable Object schema) {
        return (Map<String, Object>) schema;
    }

    /** A map that keeps the order in which its pairs are given. */
    static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
