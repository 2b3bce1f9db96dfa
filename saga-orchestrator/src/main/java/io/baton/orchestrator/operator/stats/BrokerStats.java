package io.baton.orchestrator.operator.stats;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * What the broker knows of those who read: how far they are behind, and how many instances of the orchestrator there are.
 * Asked at most every ten seconds, and every twenty while {@link #keepFresh} is called: then nobody waits for the broker,
 * which takes its time while it is busy. Without a broker there is no answer.
 */
@Component
public class BrokerStats {

    private static final Logger log = LoggerFactory.getLogger(BrokerStats.class);
    private static final int GROUPS_MAX = 50;
    private static final int PATIENCE_SECONDS = 2;

    private final Admin admin;
    private final String ownGroup;
    private final CachedAnswer<Known> cached;

    /** Records that a group has not read; as it told the broker, which is up to a second old. */
    record Lag(String group, String topic, long lag) {}

    /**
     * What is known.
     *
     * @param instances of the orchestrator that read; null if the broker does not answer
     */
    record Known(List<Lag> lags, @Nullable Integer instances) {}

    BrokerStats(
            Admin timersAdmin,
            @Value("${baton.messaging.consumer:}") String consumer,
            @Value("${spring.application.name}") String name,
            Clock clock) {
        this.admin = timersAdmin;
        ownGroup = consumer.isBlank() ? name : consumer;
        cached = new CachedAnswer<>(this::ask, Duration.ofSeconds(10), clock, CachedAnswer.ALL_OF_IT);
    }

    /** To be called every ten seconds. Returns at once. */
    void keepFresh() {
        cached.keepFresh();
    }

    /**
     * How many records of a topic its readers have not read, as far as is known; of several groups, the one that is
     * farthest behind.
     */
    public OptionalLong lag(String topic) {
        return latest().lags().stream().filter(lag -> lag.topic().equals(topic)).mapToLong(Lag::lag).max();
    }

    /** Half a minute old at most. */
    Known latest() {
        return cached.get();
    }

    private Known ask() {
        try {
            List<String> groups = admin.listGroups(ListGroupsOptions.forConsumerGroups())
                    .all()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .stream()
                    .map(GroupListing::groupId)
                    .sorted()
                    .limit(GROUPS_MAX)
                    .toList();
            return new Known(lags(groups), groups.contains(ownGroup) ? members() : 0);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("The broker does not say how far its readers are", e);
            return new Known(List.of(), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Known(List.of(), null);
        }
    }

    private int members() throws ExecutionException, TimeoutException, InterruptedException {
        return admin.describeConsumerGroups(List.of(ownGroup))
                .describedGroups()
                .get(ownGroup)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .members()
                .size();
    }

    private List<Lag> lags(List<String> groups) throws ExecutionException, TimeoutException, InterruptedException {
        if (groups.isEmpty()) {
            return List.of();
        }
        Map<String, ListConsumerGroupOffsetsSpec> wanted = new HashMap<>();
        groups.forEach(group -> wanted.put(group, new ListConsumerGroupOffsetsSpec()));
        Map<String, Map<TopicPartition, OffsetAndMetadata>> read =
                admin.listConsumerGroupOffsets(wanted).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        read.values().forEach(offsets -> offsets.keySet().forEach(partition ->
                partitions.put(partition, OffsetSpec.latest())));
        var ends = admin.listOffsets(partitions).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        List<Lag> lags = new ArrayList<>();
        new TreeMap<>(read).forEach((group, offsets) -> {
            Map<String, Long> byTopic = new TreeMap<>();
            offsets.forEach((partition, offset) -> {
                if (offset != null && ends.get(partition) != null) {
                    long behind = Math.max(0, ends.get(partition).offset() - offset.offset());
                    byTopic.merge(partition.topic(), behind, Long::sum);
                }
            });
            byTopic.forEach((topic, behind) -> lags.add(new Lag(group, topic, behind)));
        });
        return lags;
    }
}
