package io.baton.lab.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.baton.contract.Contract;
import io.baton.contract.Topics;
import io.baton.lab.running.Gateway;
import io.baton.lab.running.Records;
import io.baton.lab.running.RunningStack;
import io.baton.lab.running.Shop;
import io.baton.lab.running.Tables;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Every message of a run comes once more, in another order: nothing has a second effect. */
class RepeatedMessagesIT {

    private static final long SEED = Long.getLong("baton.seed", System.nanoTime());
    private static final Pattern STALE = Pattern.compile("(?m)^saga_replies_stale_total(?:\\{.*})? (\\S+)$");

    /** Everything that says what was done: sagas, outcomes, and what the participants keep of their work. */
    private static final Set<String> EFFECTS = Set.of(
            "saga", "saga_data", "saga_log", "outcome", "orders", "payment", "wallet", "wallet_entry", "gateway_call",
            "product", "receipt", "reservation", "delivery");

    private final RunningStack stack = RunningStack.shared();
    private final Shop shop = new Shop(stack, "repeated").open(1_000, "100000.00");
    private final Gateway gateway = new Gateway(stack);

    @Test
    void every_message_of_a_run_once_more_and_shuffled_has_no_effect() throws Exception {
        awaitQuiet();
        Records run = Records.fromNowOn(stack, topics());
        List<String> orders = run();
        awaitQuiet();
        List<ConsumerRecord<byte[], byte[]>> messages = new ArrayList<>(run.read());
        Map<String, List<String>> effects = Tables.contents(stack, EFFECTS);
        List<List<String>> bookings = orders.stream().map(gateway::bookings).toList();
        double stale = stale();

        Collections.shuffle(messages, new Random(SEED));
        repeat(messages);
        awaitQuiet();

        long replies = messages.stream()
                .filter(message -> message.topic().equals(Topics.SAGA_REPLIES))
                .count();
        String context = "seed " + SEED;
        System.out.printf(
                "Repeated %d messages of %d orders, %s: %.0f stale replies%n",
                messages.size(), orders.size(), context, stale() - stale);
        assertThat(effects.keySet()).hasSizeGreaterThanOrEqualTo(EFFECTS.size());
        Tables.contents(stack, EFFECTS)
                .forEach((table, rows) -> assertThat(rows).as("%s, %s", table, context).isEqualTo(effects.get(table)));
        assertThat(orders.stream().map(gateway::bookings)).as(context).isEqualTo(bookings);
        assertThat(stale() - stale)
                .as("each reply is stale, and each command is answered once more, %s", context)
                .isGreaterThanOrEqualTo(replies);
    }

    /** Orders that end in every way. */
    private List<String> run() {
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            orders.add(shop.place(shop.order(1, "DE")));
            orders.add(shop.place(shop.order(1_000, "DE"))); // too many
            orders.add(shop.place(shop.order(1, "US")));
            orders.add(shop.place(shop.cardOrder("tok_ok", "DE")));
            orders.add(shop.place(shop.cardOrder("tok_ok", "US")));
            orders.add(shop.place(shop.cardOrder("tok_declined", "DE")));
        }
        orders.forEach(order -> await().atMost(Duration.ofSeconds(30)).until(() -> shop.hasEnded(order)));
        String regretted = orders.getFirst();
        assertThat(shop.cancel(regretted).statusCode()).isEqualTo(202);
        await().atMost(Duration.ofSeconds(30)).until(() -> shop.status(regretted).equals("CANCELLED"));
        return orders;
    }

    private void repeat(List<ConsumerRecord<byte[], byte[]>> messages) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = Records.producer(stack)) {
            List<Future<?>> sent = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> message : messages) {
                sent.add(producer.send(new ProducerRecord<>(
                        message.topic(), message.partition(), message.key(), message.value(), message.headers())));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    private static Set<String> topics() {
        Set<String> topics = new TreeSet<>();
        Contract.MESSAGES.forEach(type -> topics.addAll(type.topics()));
        return topics;
    }

    /** Returns when every consumer has read to the end, and nobody has anything more to say. */
    private void awaitQuiet() {
        AtomicReference<Map<String, Long>> before = new AtomicReference<>(Map.of());
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(1)).until(() -> {
            Map<String, Long> read = Tables.positions(stack);
            return read.equals(before.getAndSet(read)) && isReadToTheEnd(read);
        });
    }

    private boolean isReadToTheEnd(Map<String, Long> positions) throws SQLException {
        Map<String, Long> ends = Records.ends(stack, topics());
        return positions.entrySet().stream().allMatch(position -> {
            // service/consumer/topic/partition
            String[] parts = position.getKey().split("/");
            Long end = ends.get(parts[2] + "-" + parts[3]);
            return end == null || end == 0 || position.getValue() >= end;
        });
    }

    private double stale() {
        Matcher counter = STALE.matcher(
                stack.get(stack.managementUrl("saga-orchestrator") + "/actuator/prometheus").body());
        assertThat(counter.find()).isTrue();
        return Double.parseDouble(counter.group(1));
    }
}
