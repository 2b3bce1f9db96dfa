package io.baton.lab.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.MessageHeaders;
import io.baton.contract.Topics;
import io.baton.lab.check.StackDescription.Service;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** P23 to P25 on a real broker: one command was sent and read, another is a dead letter. */
class MessagingPromisesTest {

    private static final String LETTERS = Topics.PAYMENT_COMMANDS + Topics.DEAD_LETTER_SUFFIX;

    private World world;

    @AfterEach
    void no_topics() throws Exception {
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(Topics.PAYMENT_COMMANDS, LETTERS)).all().get();
        }
        world.close();
    }

    @BeforeEach
    void two_records_of_which_one_was_put_aside() throws Exception {
        try (Admin admin = admin()) {
            // Deleting goes on inside the broker, and making is refused until it is done.
            await().ignoreExceptions().until(() -> {
                admin.createTopics(List.of(
                                new NewTopic(Topics.PAYMENT_COMMANDS, 2, (short) 1),
                                new NewTopic(LETTERS, 1, (short) 1)))
                        .all()
                        .get();
                return true;
            });
        }
        send(new ProducerRecord<>(Topics.PAYMENT_COMMANDS, 1, null, bytes("charge")));
        send(new ProducerRecord<>(Topics.PAYMENT_COMMANDS, 1, null, bytes("poison")));
        letter("1", "1", "poison");
        world = Servers.worlds().healthy();
        position(1, 2);
    }

    @Test
    void what_was_sent_and_read_to_the_end_is_well_and_dead_letters_are_listed() throws Exception {
        assertThat(findings().values()).allSatisfy(finding ->
                assertThat(finding.verdict()).as(finding.text()).isEqualTo(Verdict.OK));
        assertThat(findings().get("P25").text()).contains("1 dead letters: payment.commands-1@1 (cannot be read)");
    }

    @Test
    void a_copy_of_a_dead_letter_is_no_fault() throws Exception {
        letter("1", "1", "poison");

        assertThat(findings().get("P25").verdict()).isEqualTo(Verdict.OK);
        assertThat(findings().get("P25").counted()).startsWith("1 dead letters");
    }

    @Test
    void a_record_that_was_not_read_is_found() throws Exception {
        world.run(Service.PAYMENT, "update messaging.position set next_offset = 1");

        Finding finding = findings().get("P24");
        assertThat(finding.verdict()).isEqualTo(Verdict.VIOLATED);
        assertThat(finding.examples()).containsExactly("the payment-service has read payment.commands-1 up to 1 of 2");
    }

    @Test
    void a_position_behind_the_end_is_found() throws Exception {
        world.run(Service.PAYMENT, "update messaging.position set next_offset = 3");

        assertThat(findings().get("P24").verdict()).isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void what_was_committed_and_not_sent_is_found() throws Exception {
        world.run(Service.ORDER, "insert into messaging.outbox (records) values ('x')");

        Finding finding = findings().get("P23");
        assertThat(finding.verdict()).isEqualTo(Verdict.VIOLATED);
        assertThat(finding.examples().getFirst()).startsWith("the order-service has not sent what it committed at");
    }

    @Test
    void a_dead_letter_with_other_bytes_than_its_record_is_found() throws Exception {
        letter("1", "0", "poison");

        Finding finding = findings().get("P25");
        assertThat(finding.verdict()).isEqualTo(Verdict.VIOLATED);
        assertThat(finding.examples()).containsExactly("the dead letter of payment.commands-1@0 has other bytes");
    }

    @Test
    void a_dead_letter_that_says_that_it_was_cut_has_the_first_bytes_of_its_record() throws Exception {
        ProducerRecord<byte[], byte[]> cut = letterOf("1", "0", "char");
        cut.headers().add(MessageHeaders.DLT_CUT_FROM, bytes("6"));
        send(cut);
        assertThat(findings().get("P25").verdict()).isEqualTo(Verdict.OK);

        ProducerRecord<byte[], byte[]> other = letterOf("0", "0", "cut from what was never sent");
        other.headers().add(MessageHeaders.DLT_CUT_FROM, bytes("99"));
        send(new ProducerRecord<>(Topics.PAYMENT_COMMANDS, 0, null, bytes("charge")));
        send(other);
        assertThat(findings().get("P25").examples()).contains("the dead letter of payment.commands-0@0 has other bytes");
    }

    @Test
    void a_dead_letter_without_an_origin_is_found() throws Exception {
        letter("", "", "poison");

        assertThat(findings().get("P25").verdict()).isEqualTo(Verdict.VIOLATED);
    }

    private Map<String, Finding> findings() throws Exception {
        try (Broker broker = new Broker(Servers.kafka().bootstrapServers());
                Databases databases = world.databases()) {
            MessagingPromises promises = new MessagingPromises(broker);
            promises.query(databases);
            return promises.findings().stream().collect(Collectors.toMap(Finding::promise, finding -> finding));
        }
    }

    private void position(int partition, long offset) throws Exception {
        world.insert(Service.PAYMENT, "messaging.position", "consumer", "'payment-service'",
                "topic", "'" + Topics.PAYMENT_COMMANDS + "'", "partition", "" + partition,
                "next_offset", "" + offset);
    }

    private static Admin admin() {
        return Admin.create(
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, Servers.kafka().bootstrapServers()));
    }

    private static void letter(String partition, String offset, String value) throws Exception {
        send(letterOf(partition, offset, value));
    }

    private static ProducerRecord<byte[], byte[]> letterOf(String partition, String offset, String value) {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(LETTERS, bytes(value));
        letter.headers()
                .add(MessageHeaders.DLT_TOPIC, bytes(Topics.PAYMENT_COMMANDS))
                .add(MessageHeaders.DLT_PARTITION, bytes(partition))
                .add(MessageHeaders.DLT_OFFSET, bytes(offset))
                .add(MessageHeaders.DLT_EXCEPTION_MESSAGE, bytes("cannot be read"));
        return letter;
    }

    private static void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, Servers.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
