package io.baton.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was once written to a topic can be read for ever. A file of {@code golden/v1} is never changed: a contract that
 * no longer reads it is a new contract, and gets {@code golden/v2} beside it.
 */
class GoldenMessagesTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "v1");

    /** Configured like the messaging's. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static List<MessageType> messages() {
        return Contract.MESSAGES;
    }

    /** Files that are there are left alone even then. */
    @BeforeAll
    static void add_files_of_new_messages_when_asked_to() throws IOException {
        for (MessageType type : messages()) {
            if (Generated.UPDATE && !Files.exists(file(type))) {
                String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(Examples.of(type));
                Files.writeString(file(type), json + "\n");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_message_is_written_as_its_golden_file_says(MessageType type) throws IOException {
        assertThat(JSON.readTree(JSON.writeValueAsBytes(Examples.of(type)))).isEqualTo(golden(type));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_golden_file_is_read_as_the_message_it_was(MessageType type) throws IOException {
        Record read = JSON.treeToValue(golden(type), type.body());
        assertThat(read).isEqualTo(Examples.of(type));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_field_that_a_later_version_adds_is_ignored_at_every_depth(MessageType type) throws IOException {
        JsonNode later = withUnknownFields(golden(type));
        assertThat((Record) JSON.treeToValue(later, type.body())).isEqualTo(Examples.of(type));
    }

    @Test
    void there_is_no_golden_file_without_a_message() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Contract.MESSAGES.stream()
                            .map(type -> type.name() + ".json")
                            .toList());
        }
    }

    private static JsonNode golden(MessageType type) throws IOException {
        return JSON.readTree(Files.readString(file(type)));
    }

    private static Path file(MessageType type) {
        return GOLDEN.resolve(type.name() + ".json");
    }

    private static JsonNode withUnknownFields(JsonNode node) {
        node.forEach(GoldenMessagesTest::withUnknownFields);
        if (node instanceof ObjectNode object) {
            object.put("aFieldOfTheFuture", "unknown").putObject("anObjectOfTheFuture").put("x", 1);
        }
        return node;
    }
}
