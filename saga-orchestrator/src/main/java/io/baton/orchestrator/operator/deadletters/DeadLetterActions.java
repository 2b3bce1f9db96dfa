package io.baton.orchestrator.operator.deadletters;

import io.baton.contract.SagaId;
import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.messaging.Ids;
import io.baton.messaging.Redelivery;
import io.baton.orchestrator.execution.OperatorAudit;
import io.baton.orchestrator.execution.OperatorAudit.Result;
import io.baton.orchestrator.operator.deadletters.DeadLetter.RawHeader;
import io.baton.orchestrator.operator.deadletters.DeadLetter.Settlement;
import io.baton.orchestrator.operator.deadletters.DeadLetterView.Allowed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What operators do with dead letters. What is marked, said and audited commits together: a crash loses nothing, and
 * sends a record twice at most, of which its receiver makes one.
 */
@Component
class DeadLetterActions {

    static final String REDRIVE = "redrive";
    static final String DISCARD = "discard";

    private static final String REDRIVEN = "REDRIVEN";
    private static final String DISCARDED = "DISCARDED";

    /** What was added when the record was put aside; if it is put aside again, that is added anew. */
    private static final String ADDED_HEADERS = "kafka_dlt-";

    private static final ProblemType NOT_ALLOWED_NOW =
            new ProblemType("not-allowed-now", 409, "The dead letter does not allow this now");

    private final DeadLetters letters;
    private final Redelivery redelivery;
    private final OperatorAudit audit;
    private final Ids ids;
    private final TransactionTemplate transactions;

    /** What an operator wishes; requestId is null if none was given. */
    record Wish(DeadLetterId id, String action, String actor, String reason, @Nullable UUID requestId) {}

    /** What came of it. */
    record Done(String id, String action, UUID requestId, String status, boolean replayed) {}

    DeadLetterActions(
            DeadLetters letters,
            Redelivery redelivery,
            OperatorAudit audit,
            Ids ids,
            PlatformTransactionManager transactionManager) {
        this.letters = letters;
        this.redelivery = redelivery;
        this.audit = audit;
        this.ids = ids;
        transactions = new TransactionTemplate(transactionManager);
    }

    /** Either what was done, or why it was not. */
    private record Outcome(@Nullable Done done, @Nullable ProblemException problem) {}

    /**
     * Does it, or does nothing.
     *
     * @throws ProblemException if there is no such letter or action, or the letter does not allow it; the last is audited
     */
    Done act(Wish wish) {
        if (!Set.of(REDRIVE, DISCARD).contains(wish.action())) {
            throw ProblemException.notFound("There is no action " + wish.action() + "; there are " + REDRIVE + " and "
                    + DISCARD + ".");
        }
        Outcome outcome = Objects.requireNonNull(transactions.execute(_ -> actInTransaction(wish)));
        if (outcome.problem() != null) {
            throw outcome.problem();
        }
        return Objects.requireNonNull(outcome.done());
    }

    private Outcome actInTransaction(Wish wish) {
        DeadLetter letter = letters.lock(wish.id()).orElseThrow(() -> noSuch(wish.id()));
        Instant now = letters.now();
        UUID request = wish.requestId() == null ? newRequestId(now) : wish.requestId();
        boolean isRedrive = wish.action().equals(REDRIVE);
        String status = isRedrive ? REDRIVEN : DISCARDED;
        if (request.equals(letter.settlement().request())
                && letter.settlement().status().equals(status)) {
            return new Outcome(new Done(wish.id().toString(), wish.action(), request, status, true), null);
        }
        String whyNot = isRedrive ? whyNotRedrive(letter) : whyNotDiscard(letter);
        if (whyNot != null) {
            audit.write(entry(wish, letter, request, now, Result.REFUSED, wish.id() + ": " + whyNot));
            return new Outcome(null, notAllowed(whyNot, letter));
        }
        if (!audit.write(entry(wish, letter, request, now, Result.GRANTED, wish.id().toString()))) {
            String used = "The request id was used for something else; use a new one for each wish.";
            audit.write(entry(wish, letter, request, now, Result.REFUSED, wish.id() + ": " + used));
            return new Outcome(null, notAllowed(used, letter));
        }
        letters.settle(wish.id(), new Settlement(status, now, wish.actor(), wish.reason(), request));
        if (isRedrive) {
            redelivery.send(
                    Objects.requireNonNull(letter.redriveTopic()), letter.key(), original(letter), letter.body());
        }
        return new Outcome(new Done(wish.id().toString(), wish.action(), request, status, false), null);
    }

    private static OperatorAudit.Entry entry(
            Wish wish, DeadLetter letter, UUID request, Instant now, Result result, String detail) {
        return new OperatorAudit.Entry(
                now,
                wish.actor(),
                wish.action(),
                letter.sagaId() == null ? null : new SagaId(letter.sagaId()),
                null,
                wish.reason(),
                request,
                result,
                detail,
                null,
                null,
                null);
    }

    private static List<Header> original(DeadLetter letter) {
        List<Header> headers = new ArrayList<>();
        for (RawHeader header : letter.headers()) {
            String name = new String(header.name(), StandardCharsets.UTF_8);
            if (!name.startsWith(ADDED_HEADERS)) {
                headers.add(new RecordHeader(name, header.value()));
            }
        }
        return headers;
    }

    /** What can be done with the letter as it is, and what cannot, and why. */
    static List<Allowed> allowed(DeadLetter letter) {
        String topic = letter.redriveTopic();
        String whyNotRedrive = whyNotRedrive(letter);
        String whyNotDiscard = whyNotDiscard(letter);
        return List.of(
                new Allowed(
                        REDRIVE,
                        whyNotRedrive == null,
                        whyNotRedrive,
                        topic == null
                                ? "Sends nothing."
                                : "Sends the record to " + topic + " once more, with its key, headers and bytes as they"
                                        + " came. It is harmless if it is late: whoever knows it already does nothing."),
                new Allowed(DISCARD, whyNotDiscard == null, whyNotDiscard, "Marks it as seen to; sends nothing."));
    }

    static ProblemException noSuch(DeadLetterId id) {
        return ProblemException.notFound("There is no dead letter " + id + ".");
    }

    private static ProblemException notAllowed(String why, DeadLetter letter) {
        return new ProblemException(NOT_ALLOWED_NOW, "This is not allowed now: " + why)
                .member("why", why)
                .member("allowedActions", allowed(letter));
    }

    private static @Nullable String whyNotRedrive(DeadLetter letter) {
        if (letter.redriveTopic() == null) {
            return "It tells of a stuck saga, and nobody reads it: act on the saga, then discard this.";
        }
        if (letter.settlement().status().equals(REDRIVEN)) {
            return "It was sent again already; if it was put aside again, that is another dead letter.";
        }
        String cutFrom = letter.cutFrom();
        if (cutFrom != null) {
            return "It was too large and was cut when it was put aside, its body from " + cutFrom + " bytes: copy the"
                    + " record from " + letter.origin() + " with the broker's tools, if it is still there.";
        }
        if (!letter.isComplete()) {
            return "It is larger than " + DeadLetterRecords.KEPT_BYTES_MAX + " bytes, which are the most that are kept"
                    + " here: copy it from its topic with the broker's tools.";
        }
        return null;
    }

    private static @Nullable String whyNotDiscard(DeadLetter letter) {
        String status = letter.settlement().status();
        return status.equals("NEW") ? null : "It was " + status.toLowerCase(Locale.ROOT) + " already.";
    }

    private UUID newRequestId(Instant now) {
        return UUID.nameUUIDFromBytes(("dead letter " + ids.nextSagaId(now)).getBytes(StandardCharsets.UTF_8));
    }
}
