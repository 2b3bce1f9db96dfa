package io.baton.messaging;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be set about the messaging. The defaults suit one broker and a few instances of each service.
 *
 * @param consumer the name under which this service's instances share partitions and keep their positions; the
 *     application's name if it is not set
 * @param partitions of each topic that is created here; it cannot be raised later without breaking the order of a key,
 *     which costs duplicates but no correctness
 * @param replication of each topic that is created here; -1 takes the broker's default
 * @param batchRecordsMax records handled in one transaction, at most
 * @param fetchWaitMax how long a fetch may wait for the first record; it does not delay a record that is there
 * @param sessionTimeout after how long without a heartbeat an instance is taken for dead and its partitions go to
 *     others; at least 6 s unless the broker is told otherwise
 * @param transactionIdleMax after how long PostgreSQL ends a batch's transaction whose process has stopped, so that
 *     its successor gets the lock
 * @param retryDelayMax the longest pause between two tries while the database or the broker is away
 * @param outboxAgeMin how old a row of the outbox must be before another instance takes its sender for dead; one that
 *     starts sends all that is older than itself
 * @param outcomeRetention how long after its saga began a command's outcome is remembered. It must be more than all of
 *     this together: the time for which the broker keeps commands, the longest expiry of a command, and the time within
 *     which dead letters are sent again and stuck sagas resolved. A command of an older saga is not carried out but
 *     fails
 */
@ConfigurationProperties("baton.messaging")
public record MessagingProperties(
        @DefaultValue("") String consumer,
        @DefaultValue("6") int partitions,
        @DefaultValue("-1") short replication,
        @DefaultValue("500") int batchRecordsMax,
        @DefaultValue("500ms") Duration fetchWaitMax,
        @DefaultValue("6s") Duration sessionTimeout,
        @DefaultValue("10s") Duration transactionIdleMax,
        @DefaultValue("2s") Duration retryDelayMax,
        @DefaultValue("10s") Duration outboxAgeMin,
        @DefaultValue("30d") Duration outcomeRetention) {

    /** The week for which a broker keeps records unless it is told otherwise, and a day for commands on their way. */
    static final Duration OUTCOME_RETENTION_MIN = Duration.ofDays(8);

    public MessagingProperties {
        require(partitions >= 1, "partitions must be at least 1");
        require(replication == -1 || replication >= 1, "replication must be -1 or at least 1");
        require(batchRecordsMax >= 1 && batchRecordsMax <= 10_000, "batch-records-max must be from 1 to 10000");
        require(isPositive(fetchWaitMax), "fetch-wait-max must be more than zero");
        require(isPositive(sessionTimeout), "session-timeout must be more than zero");
        require(isPositive(transactionIdleMax), "transaction-idle-max must be more than zero");
        require(isPositive(retryDelayMax), "retry-delay-max must be more than zero");
        require(isPositive(outboxAgeMin), "outbox-age-min must be more than zero");
        require(
                outcomeRetention.compareTo(OUTCOME_RETENTION_MIN) >= 0,
                "outcome-retention must be at least 8d, or nothing is remembered of commands that are still in a topic:"
                        + " set it to more than the topics' retention.ms, the longest command-expiry and the time"
                        + " within which dead letters are sent again, together");
    }

    /** The name under which the instances of an application keep their positions. */
    public String consumerOf(String application) {
        return consumer.isBlank() ? application : consumer;
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException("baton.messaging." + sentence);
        }
    }
}
