package io.baton.contract;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** {@code docs/messages} says what the records say. */
class MessageDocumentsTest {

    private static final Path DOCUMENTS = Path.of("..", "docs", "messages");
    private static final JsonMapper JSON = new JsonMapper();
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLWriteFeature.INDENT_ARRAYS_WITH_INDICATOR)
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .build();

    static List<MessageType> messages() {
        return Contract.MESSAGES;
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_messages_schema_is_up_to_date(MessageType type) throws IOException {
        Generated.assertUpToDate(
                DOCUMENTS.resolve(AsyncApi.schemaFile(type)),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JsonSchemas.of(type)) + "\n");
    }

    @Test
    void the_asyncapi_document_is_up_to_date() throws IOException {
        Generated.assertUpToDate(DOCUMENTS.resolve("asyncapi.yaml"), YAML.writeValueAsString(AsyncApi.document()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_messages_schema_takes_the_message(MessageType type) {
        assertThat(schema(type).validate(example(type))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_messages_schema_refuses_a_message_in_which_any_field_is_missing(MessageType type) {
        for (String field : example(type).propertyNames()) {
            ObjectNode incomplete = example(type);
            incomplete.remove(field);
            assertThat(schema(type).validate(incomplete)).as("without %s", field).isNotEmpty();
        }
    }

    @Test
    void every_topic_of_the_contract_is_a_channel_with_a_channel_for_its_dead_letters() {
        Set<String> topics = Contract.MESSAGES.stream()
                .flatMap(type -> type.topics().stream())
                .flatMap(topic -> Stream.of(topic, topic + Topics.DEAD_LETTER_SUFFIX))
                .collect(toSet());
        assertThat(AsyncApi.document().get("channels"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys(topics.toArray());
    }

    @Test
    void every_header_of_the_contract_is_described() throws IllegalAccessException {
        String headers = JSON.writeValueAsString(AsyncApi.document().get("components"));
        for (var field : MessageHeaders.class.getFields()) {
            assertThat(headers).contains("\"" + field.get(null) + "\"");
        }
    }

    @Test
    void every_reference_of_the_asyncapi_document_leads_somewhere() throws IOException {
        JsonNode document = JSON.valueToTree(AsyncApi.document());
        List<JsonNode> references = document.findValues("$ref");
        assertThat(references).hasSizeGreaterThan(20).allSatisfy(reference -> {
            String target = reference.stringValue();
            if (target.startsWith("#")) {
                assertThat(document.at(target.substring(1)).isMissingNode()).as(target).isFalse();
            } else {
                assertThat(DOCUMENTS.resolve(target)).exists();
            }
        });
    }

    @Test
    void there_is_no_document_without_a_message() throws IOException {
        Set<String> expected = Stream.concat(
                        Stream.of("asyncapi.yaml"), Contract.MESSAGES.stream().map(AsyncApi::schemaFile))
                .collect(toSet());
        try (Stream<Path> files = Files.list(DOCUMENTS)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static ObjectNode example(MessageType type) {
        return JSON.valueToTree(Examples.of(type));
    }

    private static Schema schema(MessageType type) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(JSON.<JsonNode>valueToTree(JsonSchemas.of(type)));
    }
}
