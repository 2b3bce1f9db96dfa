package io.baton.orchestrator.execution;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.baton.contract.MessageHeaders;
import io.baton.messaging.OutgoingMessage;
import io.baton.orchestrator.execution.SagaChanges.Applied;
import io.baton.orchestrator.execution.SagaChanges.Origin;
import io.baton.orchestrator.saga.CommandToSend;
import io.baton.orchestrator.saga.Direction;
import io.baton.orchestrator.saga.Foresight;
import io.baton.orchestrator.saga.OperatorAction;
import io.baton.orchestrator.saga.Progress;
import io.baton.orchestrator.saga.Saga;
import io.baton.orchestrator.saga.SagaDefinition;
import io.baton.orchestrator.saga.SagaInput;
import io.baton.orchestrator.saga.Step;
import io.baton.orchestrator.saga.StepKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says what an operator's deed would lead to, by deciding it as {@link SagaInterventions} does, and saving nothing. What
 * it says holds for the version of the saga that it was asked about.
 */
public final class SagaPreviews {

    private final CommandWriter writer;
    private final SagaDefinitions definitions;
    private final FourEyes fourEyes;

    SagaPreviews(CommandWriter writer, SagaDefinitions definitions, FourEyes fourEyes) {
        this.writer = writer;
        this.definitions = definitions;
        this.fourEyes = fourEyes;
    }

    /** What would come of a deed. */
    public sealed interface Preview {

        /** It is not allowed now. */
        record Refused(String why) implements Preview {}

        /**
         * It is allowed.
         *
         * @param to the saga's state after it
         * @param sends the commands that it sends, in their order
         * @param later the commands that follow if all goes well, in their order
         * @param end the state in which the saga then is, with nothing more to follow
         * @param needsSecondPerson whether two persons must wish it
         */
        record Granted(
                String to, List<Planned> sends, List<Planned> later, String end, boolean needsSecondPerson)
                implements Preview {}
    }

    /**
     * A command that is to be sent.
     *
     * @param held true if it waits until what holds it back is let go; otherwise null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Planned(
            int order,
            String command,
            String step,
            Direction direction,
            String participant,
            String topic,
            String key,
            int attempt,
            @Nullable Boolean held) {}

    /** @param now the database's time */
    public Preview of(StoredSaga stored, Deed deed, Instant now) {
        return switch (deed) {
            case Deed.Move(OperatorAction action) -> of(stored, deed, action, now);
            case Deed.Aside aside -> {
                String refusal = aside.refusal(stored);
                yield refusal != null
                        ? new Preview.Refused(refusal)
                        : new Preview.Granted(stored.state(), List.of(), List.of(), stored.state(), false);
            }
        };
    }

    /** What an operator may want to do with the saga: every move, for every step that it waits for. */
    public static List<Deed> moves(StoredSaga stored, Duration extension) {
        SagaDefinition<?> definition = stored.definition();
        List<String> steps = definition == null
                ? List.of()
                : stored.saga().openSteps(definition).stream().map(Step::name).toList();
        if (steps.isEmpty()) {
            steps = List.of(stored.saga().stuck() == null ? "" : stored.saga().stuck().step());
        }
        List<OperatorAction> actions = new ArrayList<>(List.of(new OperatorAction.Retry(), new OperatorAction.Compensate()));
        for (String step : steps) {
            actions.add(new OperatorAction.Skip(step));
            actions.add(new OperatorAction.Resolve(step, true));
            actions.add(new OperatorAction.Resolve(step, false));
        }
        actions.add(new OperatorAction.Extend(extension));
        return actions.stream().map(action -> (Deed) new Deed.Move(action)).toList();
    }

    /** The steps of which nobody knows yet whether they were done, or undone. */
    public static List<String> unknownSteps(StoredSaga stored) {
        return stepsThat(stored, (progress, step) -> progress instanceof Progress.Sent
                || progress instanceof Progress.Unknown
                || progress instanceof Progress.Compensating);
    }

    /** The steps from the pivot on that were begun, and that nobody undoes. */
    public static List<String> pastPivot(StoredSaga stored) {
        return stepsThat(stored, (progress, step) -> step.kind() != StepKind.COMPENSABLE
                && !(progress instanceof Progress.Pending)
                && !(progress instanceof Progress.Refused));
    }

    private interface Matching {
        boolean test(Progress progress, Step<?> step);
    }

    private static List<String> stepsThat(StoredSaga stored, Matching matching) {
        SagaDefinition<?> definition = stored.definition();
        return definition == null
                ? List.of()
                : definition.steps().stream()
                        .filter(step -> matching.test(stored.saga().of(step), step))
                        .map(Step::name)
                        .toList();
    }

    private Preview of(StoredSaga stored, Deed deed, OperatorAction action, Instant now) {
        SagaChanges changes = new SagaChanges(writer, now);
        changes.load(stored);
        Applied applied = changes.apply(stored, new SagaInput.OperatorActed("", "", action), Origin.NO_MESSAGE);
        StoredSaga next = Objects.requireNonNull(changes.find(stored.id().value()));
        SagaDefinition<?> definition = stored.definition();
        if (applied.refusal() != null || definition == null) {
            return new Preview.Refused(Objects.requireNonNullElse(applied.refusal(), "there is no definition"));
        }
        if (next.version() == stored.version()) {
            return new Preview.Refused("nothing would change");
        }
        List<Planned> sends = new ArrayList<>();
        for (OutgoingMessage message : applied.messages()) {
            if (message.headers().containsKey(MessageHeaders.STEP)) {
                sends.add(planned(message, sends.size() + 1));
            }
        }
        for (HeldCommand held : changes.held()) {
            sends.add(planned(stored, held.command(), sends.size() + 1, true));
        }
        Foresight foresight = Foresight.of(definition, next.saga(), stored.clock().at(now));
        List<Planned> later = new ArrayList<>();
        for (CommandToSend command : foresight.later()) {
            later.add(planned(stored, command, sends.size() + later.size() + 1, null));
        }
        return new Preview.Granted(
                next.state(), sends, later, stateName(definition, foresight.end()), fourEyes.needed(stored, deed));
    }

    private static String stateName(SagaDefinition<?> definition, Saga saga) {
        return saga.stateName(definition);
    }

    private static Planned planned(OutgoingMessage message, int order) {
        return new Planned(
                order,
                message.body().getClass().getSimpleName(),
                String.valueOf(message.headers().get(MessageHeaders.STEP)),
                Direction.valueOf(String.valueOf(message.headers().get(MessageHeaders.DIRECTION))),
                SagaDefinitions.participantOf(message.topic()),
                message.topic(),
                message.key(),
                Integer.parseInt(String.valueOf(message.headers().get(MessageHeaders.ATTEMPT))),
                null);
    }

    private Planned planned(StoredSaga stored, CommandToSend command, int order, @Nullable Boolean held) {
        String topic = String.valueOf(definitions.topicOf(stored, command.step(), command.direction()));
        return new Planned(
                order,
                String.valueOf(stored.commandName(command.step(), command.direction())),
                command.step(),
                command.direction(),
                SagaDefinitions.participantOf(topic),
                topic,
                stored.key(),
                command.attempt(),
                held);
    }
}
