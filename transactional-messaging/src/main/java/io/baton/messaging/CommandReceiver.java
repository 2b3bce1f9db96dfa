package io.baton.messaging;

import io.baton.contract.CommandFailed;
import io.baton.contract.CommandRefused;
import io.baton.contract.MessageHeaders;
import io.baton.contract.NothingToUndo;
import io.baton.contract.SagaId;
import io.baton.contract.Tsid;
import io.baton.messaging.Outcomes.Remembered;
import io.baton.messaging.Outcomes.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Gives each command to its handler once in effect, and answers every copy of it. What it knows before it calls a
 * handler:
 *
 * <ul>
 *   <li>a command that has an outcome gets the same answer again;
 *   <li>one that is not known, of a saga so old that its outcome may have been forgotten, is not touched: it fails, so
 *       that a person looks at it;
 *   <li>one that is pending is answered when its answer is there, under its newest attempt;
 *   <li>an action that is not known and past its expiry is refused, since its outcome may have been forgotten;
 *   <li>a probe of one that is not known is told so, and nothing is done;
 *   <li>a compensation whose action never took effect leaves a tombstone on the action, and there is nothing to undo.
 * </ul>
 */
final class CommandReceiver implements BatchHandler {

    private static final Logger log = LoggerFactory.getLogger(CommandReceiver.class);

    /** What an action is told for ever once its compensation came first. */
    static final CommandRefused CANCELLED =
            new CommandRefused("CANCELLED_BEFORE_EXECUTION", "The command's compensation came before the command");

    private static final CommandFailed FORGOTTEN = new CommandFailed(
            "OUTCOME_FORGOTTEN",
            "The saga is older than the outcome-retention here, so nobody knows whether the command took effect",
            0);

    /** A step's name that is nothing of the kind may be what made the trouble, and is not sent back. */
    private static final Pattern STEP_NAME = Pattern.compile("[a-z][a-z0-9-]{0,99}");

    private static final CommandFailed NEVER_SEEN =
            new CommandFailed("NEVER_SEEN", "The command whose outcome was asked for has not taken effect here", 0);

    /** By the wire names of their commands, so that every instance prepares them in the same order. */
    private final Map<Class<?>, CommandHandler<?>> handlers = new LinkedHashMap<>();

    private final Set<String> topics = new HashSet<>();
    private final Outcomes outcomes;
    private final Replies replies;
    private final MessageCodec codec;
    private final MessagingMeters meters;

    CommandReceiver(
            List<CommandHandler<?>> handlers,
            Outcomes outcomes,
            Replies replies,
            MessageCodec codec,
            MessagingMeters meters) {
        List<CommandHandler<?>> sorted = new ArrayList<>(handlers);
        sorted.sort(Comparator.comparing(handler -> codec.typeOf(handler.commandType()).name()));
        for (CommandHandler<?> handler : sorted) {
            if (this.handlers.put(handler.commandType(), handler) != null) {
                throw new IllegalStateException("Expected one handler for "
                        + handler.commandType().getSimpleName() + " but found two");
            }
            topics.addAll(codec.typeOf(handler.commandType()).topics());
        }
        this.outcomes = outcomes;
        this.replies = replies;
        this.codec = codec;
        this.meters = meters;
    }

    @Override
    public Set<String> topics() {
        return topics;
    }

    @Override
    public Runnable prepare(List<IncomingMessage> batch, Instant now, BatchOutput output) {
        return new Batch(now, (CollectedOutput) output).prepare(batch);
    }

    @Override
    public void handle(List<IncomingMessage> batch, Instant now, BatchOutput output) {
        prepare(batch, now, output).run();
    }

    /** Its saga hears at once what it would otherwise learn from silence, and can say so to an operator. */
    @Override
    public void parked(ParkedRecord record, Instant now, BatchOutput output) {
        try {
            Map<String, String> headers = record.headers();
            CommandKey key = new CommandKey(
                    SagaId.parse(headers.getOrDefault(MessageHeaders.SAGA_ID, "")),
                    headers.getOrDefault(MessageHeaders.STEP, ""),
                    Direction.valueOf(headers.getOrDefault(MessageHeaders.DIRECTION, "")));
            int attempt = Integer.parseInt(headers.getOrDefault(MessageHeaders.ATTEMPT, ""));
            if (record.key() == null || !STEP_NAME.matcher(key.step()).matches() || attempt < 1) {
                return;
            }
            CommandFailed failure = new CommandFailed("DEAD_LETTERED", "The command is a dead letter: " + record.reason(), 0);
            ((CollectedOutput) output).add(record, replies.failed(
                    key, attempt, record.key(), failure, record.position(), headers.get(MessageHeaders.TRACE_PARENT)));
        } catch (IllegalArgumentException unreadable) {
            log.debug("No saga can be told of the dead letter {}", record.position(), unreadable);
        }
    }

    /** One batch: what is remembered, what is new, and where the replies go. */
    private final class Batch {

        private final Instant now;
        private final CollectedOutput output;
        private final Map<CommandKey, Remembered> memory;
        private final Set<CommandKey> fresh = new HashSet<>();
        private int duplicates;
        private long forgottenBelow = -1;

        Batch(Instant now, CollectedOutput output) {
            this.now = now;
            this.output = output;
            this.memory = new HashMap<>();
        }

        Runnable prepare(List<IncomingMessage> messages) {
            List<ReceivedCommand> commands = received(messages);
            Set<CommandKey> keys = new HashSet<>();
            for (ReceivedCommand command : commands) {
                keys.add(command.key());
                keys.add(command.actionKey());
            }
            memory.putAll(outcomes.find(keys));
            prepareHandlers(commands);
            return () -> handle(commands);
        }

        private void handle(List<ReceivedCommand> commands) {
            try {
                for (ReceivedCommand command : commands) {
                    MDC.put("sagaId", command.key().sagaId().toString());
                    MDC.put("orderId", command.message().key());
                    handle(command);
                }
            } finally {
                MDC.remove("sagaId");
                MDC.remove("orderId");
                output.handling(null);
            }
            outcomes.insert(fresh.stream().map(memory::get).toList());
            meters.duplicates(duplicates);
        }

        private List<ReceivedCommand> received(List<IncomingMessage> messages) {
            List<ReceivedCommand> commands = new ArrayList<>(messages.size());
            for (IncomingMessage message : messages) {
                if (!handlers.containsKey(message.type().body())) {
                    output.park(message, "Expected a command that this service handles but got "
                            + message.type().name());
                    continue;
                }
                try {
                    commands.add(ReceivedCommand.of(message));
                } catch (MalformedMessageException e) {
                    output.park(message, String.valueOf(e.getMessage()));
                }
            }
            return commands;
        }

        private void prepareHandlers(List<ReceivedCommand> commands) {
            Map<CommandHandler<?>, List<Record>> shares = new HashMap<>();
            for (ReceivedCommand command : commands) {
                if (!memory.containsKey(command.key()) && !command.isProbe()) {
                    shares.computeIfAbsent(handlerOf(command), h -> new ArrayList<>())
                            .add(command.message().body());
                }
            }
            for (CommandHandler<?> handler : handlers.values()) {
                List<Record> share = shares.get(handler);
                if (share != null) {
                    prepare(handler, share);
                }
            }
        }

        @SuppressWarnings("unchecked") // The lists hold what the handler's commandType() says.
        private <C extends Record> void prepare(CommandHandler<C> handler, List<Record> bodies) {
            handler.prepare((List<C>) (List<?>) bodies);
        }

        private void handle(ReceivedCommand command) {
            Remembered known = memory.get(command.key());
            if (known != null) {
                answerAgain(command, known);
            } else if (isPerhapsForgotten(command)) {
                fail(command, FORGOTTEN);
            } else if (command.isProbe()) {
                fail(command, NEVER_SEEN);
            } else if (command.isCompensation() && !handlerOf(command).isActionGiven() && hasNothingToUndo(command)) {
                remember(command, Status.DONE, new NothingToUndo());
            } else if (!command.isCompensation() && now.isAfter(command.expiry())) {
                remember(command, Status.REFUSED, new CommandRefused(
                        "EXPIRED", "The command came after its expiry, when its outcome might have been forgotten"));
            } else {
                output.handling(command.message());
                conclude(command, call(handlerOf(command), command));
            }
        }

        /** Asks the database only about sagas that are older than any retention may be short. */
        private boolean isPerhapsForgotten(ReceivedCommand command) {
            long saga = command.key().sagaId().value();
            if (saga >= Tsid.floor(now.minus(MessagingProperties.OUTCOME_RETENTION_MIN).toEpochMilli())) {
                return false;
            }
            if (forgottenBelow < 0) {
                forgottenBelow = outcomes.forgottenBelow();
            }
            return saga < forgottenBelow;
        }

        private void answerAgain(ReceivedCommand command, Remembered known) {
            duplicates++;
            if (known.status() != Status.PENDING) {
                reply(command, known);
            } else if (fresh.contains(command.key())) {
                if (command.attempt() > known.attempt()) {
                    memory.put(command.key(), pending(command));
                }
            } else {
                outcomes.awaitNewerAttempt(command.key(), command.attempt());
            }
        }

        /**
         * Leaves the tombstone where the action is not known. A pending action is held until this transaction ends, so
         * that it cannot fail, and be forgotten, without its late answer seeing this compensation.
         */
        private boolean hasNothingToUndo(ReceivedCommand command) {
            Remembered action = memory.get(command.actionKey());
            if (action != null && action.status() == Status.PENDING && !fresh.contains(command.actionKey())) {
                action = outcomes.lock(command.actionKey());
                if (action == null) {
                    throw new LostRaceException("Expected " + command.actionKey()
                            + " to be pending but it failed in this moment");
                }
            }
            if (action == null) {
                store(new Remembered(
                        command.actionKey(),
                        Status.TOMBSTONE,
                        command.attempt(),
                        command.message().key(),
                        codec.typeOf(CommandRefused.class).name(),
                        codec.encodeBody(CANCELLED),
                        null));
                return true;
            }
            return action.status() == Status.REFUSED || action.status() == Status.TOMBSTONE;
        }

        private <C extends Record> Answer call(CommandHandler<C> handler, ReceivedCommand command) {
            C body = handler.commandType().cast(command.message().body());
            return handler.handle(body, new CommandContext(command.key(), command.attempt(), now));
        }

        private void conclude(ReceivedCommand command, Answer answer) {
            switch (answer) {
                case Answer.Done(var outcome) -> remember(command, Status.DONE, (Record) outcome);
                case Answer.Refused(var refusal) when !command.isCompensation() ->
                    remember(command, Status.REFUSED, (Record) refusal);
                // A compensation has no right to a "no": it is a technical failure that a person will have to look at.
                case Answer.Refused(var refusal) -> fail(command, new CommandFailed(
                        "COMPENSATION_REFUSED", refusal.code() + ": " + refusal.message(), 0));
                case Answer.Failed(var failure) -> fail(command, failure);
                case Answer.Later() -> store(pending(command));
            }
        }

        private void remember(ReceivedCommand command, Status status, Record body) {
            Remembered remembered = new Remembered(
                    command.key(),
                    status,
                    command.attempt(),
                    command.message().key(),
                    codec.typeOf(body.getClass()).name(),
                    codec.encodeBody(body),
                    null);
            store(remembered);
            reply(command, remembered);
        }

        private void store(Remembered remembered) {
            memory.put(remembered.key(), remembered);
            fresh.add(remembered.key());
        }

        private Remembered pending(ReceivedCommand command) {
            return new Remembered(
                    command.key(),
                    Status.PENDING,
                    command.attempt(),
                    command.message().key(),
                    null,
                    null,
                    output.traceParentFor(command.message()));
        }

        private void fail(ReceivedCommand command, CommandFailed failure) {
            IncomingMessage message = command.message();
            output.add(message, replies.failed(
                    command.key(),
                    command.attempt(),
                    message.key(),
                    failure,
                    message.position(),
                    output.traceParentFor(message)));
        }

        private void reply(ReceivedCommand command, Remembered remembered) {
            IncomingMessage message = command.message();
            output.add(message, replies.of(
                    remembered, command.attempt(), message.position(), output.traceParentFor(message)));
        }

        private CommandHandler<?> handlerOf(ReceivedCommand command) {
            CommandHandler<?> handler = handlers.get(command.message().type().body());
            if (handler == null) {
                throw new IllegalStateException("Expected a handler for " + command.message().type().name());
            }
            return handler;
        }
    }
}
