package io.baton.messaging;

import io.baton.contract.CommandFailed;
import io.baton.contract.CommandRefused;
import io.baton.contract.MessageHeaders;
import io.baton.contract.NothingToUndo;
import io.baton.contract.SagaId;
import io.baton.contract.Tsid;
import io.baton.messaging.Outcomes.Remembered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Gives each command to its handler once in effect, and answers every copy of it, as its {@link Treatment} says. */
final class CommandReceiver implements BatchHandler {

    private static final Logger log = LoggerFactory.getLogger(CommandReceiver.class);

    /** What an action is told for ever once its compensation came first. */
    static final CommandRefused CANCELLED =
            new CommandRefused("CANCELLED_BEFORE_EXECUTION", "The command's compensation came before the command");

    private static final CommandFailed FORGOTTEN = new CommandFailed(
            "OUTCOME_FORGOTTEN",
            "The saga is older than the outcome-retention here, so nobody knows whether the command took effect",
            0);

    private static final CommandFailed EXPIRED = new CommandFailed(
            "EXPIRED", "The command came after its expiry, when its outcome might have been forgotten", 0);

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
            Known known = new Known(command);
            switch (Treatment.of(known)) {
                case ANSWER_AGAIN -> answerAgain(command, Objects.requireNonNull(memory.get(command.key())));
                case AWAIT_ANSWER -> awaitAnswer(command, Objects.requireNonNull(memory.get(command.key())));
                case SAY_FORGOTTEN -> fail(command, FORGOTTEN);
                case SAY_NEVER_SEEN -> fail(command, NEVER_SEEN);
                case LEAVE_TOMBSTONE -> {
                    store(tombstone(command));
                    remember(command, OutcomeStatus.DONE, new NothingToUndo());
                }
                case SAY_NOTHING_TO_UNDO -> remember(command, OutcomeStatus.DONE, new NothingToUndo());
                // Not remembered: what is sent anew has an expiry of its own, and is to be carried out.
                case SAY_EXPIRED -> fail(command, EXPIRED);
                case CARRY_OUT -> {
                    output.handling(command.message());
                    conclude(command, call(handlerOf(command), command));
                }
            }
        }

        /** What is known of a command; what must be looked up is looked up when it is asked for. */
        private final class Known implements Treatment.Known {

            private final ReceivedCommand command;

            Known(ReceivedCommand command) {
                this.command = command;
            }

            @Override
            public @Nullable OutcomeStatus outcome() {
                Remembered own = memory.get(command.key());
                return own == null ? null : own.status();
            }

            @Override
            public @Nullable OutcomeStatus actionsOutcome() {
                Remembered action = heldAction(command.actionKey());
                return action == null ? null : action.status();
            }

            @Override
            public boolean isCompensation() {
                return command.isCompensation();
            }

            @Override
            public boolean isProbe() {
                return command.isProbe();
            }

            @Override
            public boolean isActionGiven() {
                return handlerOf(command).isActionGiven();
            }

            @Override
            public boolean isExpired() {
                return now.isAfter(command.expiry());
            }

            @Override
            public boolean isPerhapsForgotten() {
                return Batch.this.isPerhapsForgotten(command);
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
            reply(command, known);
        }

        private void awaitAnswer(ReceivedCommand command, Remembered known) {
            duplicates++;
            if (!fresh.contains(command.key())) {
                outcomes.awaitNewerAttempt(command.key(), command.attempt());
            } else if (command.attempt() > known.attempt()) {
                memory.put(command.key(), pending(command));
            }
        }

        /**
         * What is known of an action that is to be undone. A pending one is held until this transaction ends, so that
         * it cannot fail, and be forgotten, without its late answer seeing this compensation.
         */
        private @Nullable Remembered heldAction(CommandKey key) {
            Remembered action = memory.get(key);
            if (action == null || action.status() != OutcomeStatus.PENDING || fresh.contains(key)) {
                return action;
            }
            Remembered held = outcomes.lock(key);
            if (held == null) {
                throw new LostRaceException("Expected " + key + " to be pending but it failed in this moment");
            }
            return held;
        }

        private Remembered tombstone(ReceivedCommand compensation) {
            return new Remembered(
                    compensation.actionKey(),
                    OutcomeStatus.TOMBSTONE,
                    compensation.attempt(),
                    compensation.message().key(),
                    codec.typeOf(CommandRefused.class).name(),
                    codec.encodeBody(CANCELLED),
                    null);
        }

        private <C extends Record> Answer call(CommandHandler<C> handler, ReceivedCommand command) {
            C body = handler.commandType().cast(command.message().body());
            return handler.handle(body, new CommandContext(command.key(), command.attempt(), now));
        }

        private void conclude(ReceivedCommand command, Answer answer) {
            OutcomeStatus status = OutcomeStatus.after(answer, command.key().direction());
            if (status == null) {
                fail(command, Replies.failure(answer));
            } else if (status == OutcomeStatus.PENDING) {
                store(pending(command));
            } else {
                remember(command, status, Replies.body(answer));
            }
        }

        private void remember(ReceivedCommand command, OutcomeStatus status, Record body) {
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
                    OutcomeStatus.PENDING,
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
