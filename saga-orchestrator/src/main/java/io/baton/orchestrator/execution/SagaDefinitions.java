package io.baton.orchestrator.execution;

import io.baton.contract.Contract;
import io.baton.contract.MessageType;
import io.baton.contract.Topics;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.Step;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The definitions that this program has, and the topics on which their commands stand. */
public final class SagaDefinitions {

    private final Map<Id, SagaDefinition<?>> byId = new HashMap<>();
    private final Map<Id, String> hashes = new HashMap<>();
    private final Map<Class<?>, SagaDefinition<?>> newestByRequest = new HashMap<>();
    private final Map<Class<?>, String> topicByCommand = new HashMap<>();

    private record Id(String name, int version) {}

    /**
     * @param further messages that this program knows beside those of the contract
     * @throws IllegalArgumentException if two are the same, or one uses a message that is not known
     */
    public SagaDefinitions(List<? extends SagaDefinition<?>> definitions, Collection<MessageType> further) {
        Map<Class<?>, MessageType> types = Stream.concat(Contract.MESSAGES.stream(), further.stream())
                .collect(Collectors.toMap(MessageType::body, type -> type));
        for (SagaDefinition<?> definition : definitions) {
            if (byId.put(new Id(definition.name(), definition.version()), definition) != null) {
                throw new IllegalArgumentException("Expected each saga version once but found two of '"
                        + definition.name() + "' version " + definition.version());
            }
            hashes.put(new Id(definition.name(), definition.version()), digest(definition.shape()));
            MessageType request = types.get(definition.dataType());
            if (request == null || !request.topics().contains(Topics.SAGA_REQUESTS)) {
                throw new IllegalArgumentException("Expected the contract to allow "
                        + definition.dataType().getSimpleName() + " on " + Topics.SAGA_REQUESTS);
            }
            newestByRequest.merge(
                    definition.dataType(), definition, (a, b) -> a.version() > b.version() ? a : b);
            for (Step<?> step : definition.steps()) {
                if (step.action() != null) {
                    topicByCommand.put(step.action().command(), topicOf(types, step.action().command()));
                }
                if (step.compensation() != null) {
                    topicByCommand.put(step.compensation().command(), topicOf(types, step.compensation().command()));
                }
            }
        }
    }

    /**
     * The definition with which a saga started. None if this program does not have that version, or has another one under
     * the same number.
     *
     * @param hash what {@link #hash} was then; null for sagas that are older than hashes
     */
    public Optional<SagaDefinition<?>> find(String name, int version, @Nullable String hash) {
        SagaDefinition<?> definition = byId.get(new Id(name, version));
        return definition == null || hash != null && !hash.equals(hash(definition))
                ? Optional.empty()
                : Optional.of(definition);
    }

    /** The names of the steps of all versions of a definition; none if this program does not have it. */
    Set<String> steps(String name) {
        return byId.values().stream()
                .filter(definition -> definition.name().equals(name))
                .flatMap(definition -> definition.steps().stream())
                .map(Step::name)
                .collect(Collectors.toSet());
    }

    /** Sixteen hexadecimal digits that differ if what the definition does differs. */
    public String hash(SagaDefinition<?> definition) {
        return hashes.getOrDefault(new Id(definition.name(), definition.version()), "");
    }

    private static String digest(String shape) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(shape.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected every Java platform to have SHA-256", e);
        }
    }

    /** Whether new sagas begin with this version. */
    public boolean isCurrent(SagaDefinition<?> definition) {
        return definition.equals(newestByRequest.get(definition.dataType()));
    }

    /** The definition for new sagas. */
    Optional<SagaDefinition<?>> forRequest(Class<?> request) {
        return Optional.ofNullable(newestByRequest.get(request));
    }

    public String topicOf(Class<?> command) {
        return topicByCommand.get(command);
    }

    /** Who is sent a step's commands in the direction that the saga goes; null if nobody is. */
    public @Nullable String participant(StoredSaga stored, String stepName) {
        Direction way = stored.saga().direction();
        return participant(stored, stepName, way == null ? Direction.ACTION : way);
    }

    /** Who is sent a step's command; null if nobody is. */
    public @Nullable String participant(StoredSaga stored, String stepName, Direction direction) {
        String topic = topicOf(stored, stepName, direction);
        return topic == null ? null : participantOf(topic);
    }

    /** Where a step's command stands; null if there is none, or this program does not know it. */
    public @Nullable String topicOf(StoredSaga stored, String stepName, Direction direction) {
        SagaDefinition<?> definition = stored.definition();
        Step<?> step = definition == null ? null : definition.step(stepName).orElse(null);
        if (step == null) {
            return null;
        }
        Class<?> command = switch (direction) {
            case ACTION -> step.action() == null ? null : step.action().command();
            case COMPENSATION -> step.compensation() == null ? null : step.compensation().command();
        };
        return command == null ? null : topicOf(command);
    }

    /** Who reads a topic of commands: what stands before the dot. */
    public static String participantOf(String topic) {
        return topic.substring(0, topic.indexOf('.') < 0 ? topic.length() : topic.indexOf('.'));
    }

    /** All definitions, by name and version. */
    public List<SagaDefinition<?>> all() {
        return byId.values().stream()
                .sorted(Comparator.comparing((SagaDefinition<?> definition) -> definition.name())
                        .thenComparing(SagaDefinition::version))
                .toList();
    }

    /** The states that steps reach. */
    Set<String> states() {
        return byId.values().stream()
                .flatMap(definition -> definition.stages().stream())
                .map(stage -> String.valueOf(stage.stateReached()))
                .collect(Collectors.toSet());
    }

    /** The age at which the sweep looks whether a saga is still open. */
    Duration shortestWait() {
        return byId.values().stream()
                .map(SagaDefinition::shortestWait)
                .min(Duration::compareTo)
                .orElseThrow(() -> new IllegalStateException("Expected at least one saga definition but there is "
                        + "none"));
    }

    private static String topicOf(Map<Class<?>, MessageType> types, Class<?> command) {
        MessageType type = types.get(command);
        if (type == null || type.topics().size() != 1) {
            throw new IllegalArgumentException("Expected the contract to have the command " + command.getSimpleName()
                    + " on exactly one topic");
        }
        return type.topics().iterator().next();
    }
}
