package io.baton.lab.simulator;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** How the simulator reads and writes JSON: strictly. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private Json() {}

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * Reads one JSON object. A number or boolean that is left out is 0 or false.
     *
     * @throws BadRequest if the bytes are anything else; its message says where and what was expected
     */
    static <T> T read(byte[] bytes, Class<T> type) {
        try {
            T value = MAPPER.readValue(bytes, type);
            if (value == null) {
                throw new BadRequest("Expected a JSON object but got null");
            }
            return value;
        } catch (JacksonException e) {
            if (e.getCause() instanceof BadRequest refusedByTheRecord) {
                throw refusedByTheRecord;
            }
            throw new BadRequest("Expected the JSON of a " + type.getSimpleName() + " but: " + e.getOriginalMessage());
        }
    }

    /** Any JSON, for tests and for callers that look at single fields. */
    static JsonNode tree(String text) {
        return MAPPER.readTree(text);
    }
}
