package io.baton.lab.simulator;

import io.baton.lab.simulator.LedgerEntry.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The card gateway: charges a card once per idempotency key and gives a charge back once. The card's token decides how
 * it behaves, and {@link Faults} come on top.
 */
final class Gateway {

    private static final int MAX_TEXT = 255;

    private final Ledger ledger;
    private final Clock clock;
    private final Duration hang;
    private final Map<String, Integer> callsByKey = new ConcurrentHashMap<>();
    private volatile Faults faults = Faults.NONE;

    /** @param hang how long a request that is to time out is held before it is answered 504 */
    Gateway(Ledger ledger, Clock clock, Duration hang) {
        this.ledger = ledger;
        this.clock = clock;
        this.hang = hang;
    }

    /**
     * What is to be charged.
     *
     * @param amountMinor in the currency's smallest unit
     * @param reference the merchant's name for it: the order id
     */
    record ChargeRequest(
            @Nullable String cardToken, long amountMinor, @Nullable String currency, @Nullable String reference) {}

    /** @param charge the idempotency key or the id of the charge that is to be given back in full */
    record RefundRequest(@Nullable String charge) {}

    Faults faults() {
        return faults;
    }

    void behave(Faults wanted) {
        faults = wanted;
    }

    /** 201 with the capture, the same for every call with this key; 402 if the card is declined. */
    Answer charge(String key, ChargeRequest request) throws InterruptedException {
        requireText("Idempotency-Key", key);
        String token = requireText("cardToken", request.cardToken());
        String reference = requireText("reference", request.reference());
        String currency = requireText("currency", request.currency());
        if (request.amountMinor() <= 0 || !currency.matches("[A-Z]{3}")) {
            throw new BadRequest("Expected amountMinor above 0 and a currency of three upper-case letters");
        }
        return withFaults(() -> {
            LedgerEntry present = ledger.find(key);
            return present == null
                    ? chargeAs(token, key, reference, request.amountMinor(), currency)
                    : replay(present, reference, request.amountMinor(), currency);
        });
    }

    private Answer chargeAs(String token, String key, String reference, long amountMinor, String currency)
            throws InterruptedException {
        int call = token.startsWith("tok_timeout") || token.startsWith("tok_error")
                ? callsByKey.merge(key, 1, Integer::sum)
                : 1;
        switch (token) {
            case "tok_ok" -> {}
            case "tok_timeout_before_charge" -> {
                if (call == 1) {
                    return hang();
                }
            }
            case "tok_timeout_after_charge" -> {
                if (call == 1) {
                    capture(key, reference, amountMinor, currency);
                    return hang();
                }
            }
            case "tok_error_twice" -> {
                if (call <= 2) {
                    return Answer.error(500, "INTERNAL_ERROR", "The gateway failed; nothing was charged");
                }
            }
            default -> {
                return Answer.error(402, "CARD_DECLINED", "The card's issuer declined the charge");
            }
        }
        return capture(key, reference, amountMinor, currency);
    }

    private Answer capture(String key, String reference, long amountMinor, String currency) {
        LedgerEntry booked = ledger.book(key, number -> new LedgerEntry(
                "ch_" + number, Kind.CAPTURE, key, key, reference, amountMinor, currency, clock.instant()));
        return replay(booked, reference, amountMinor, currency);
    }

    private static Answer replay(LedgerEntry present, String reference, long amountMinor, String currency) {
        boolean same = present.kind() == Kind.CAPTURE
                && present.reference().equals(reference)
                && present.amountMinor() == amountMinor
                && present.currency().equals(currency);
        return same ? new Answer(201, present) : keyReused();
    }

    /** 201 with the refund, the same for every call with this key; 404 if there is no such charge. */
    Answer refund(String key, RefundRequest request) throws InterruptedException {
        requireText("Idempotency-Key", key);
        String charge = requireText("charge", request.charge());
        return withFaults(() -> {
            LedgerEntry capture = ledger.findCapture(charge);
            if (capture == null) {
                return Answer.error(404, "CHARGE_NOT_FOUND", "No charge has this key or id; nothing was refunded");
            }
            LedgerEntry booked = ledger.book(key, number -> new LedgerEntry(
                    "re_" + number,
                    Kind.REFUND,
                    key,
                    capture.idempotencyKey(),
                    capture.reference(),
                    capture.amountMinor(),
                    capture.currency(),
                    clock.instant()));
            if (booked.kind() != Kind.REFUND || !booked.chargeKey().equals(capture.idempotencyKey())) {
                return keyReused();
            }
            return booked.idempotencyKey().equals(key)
                    ? new Answer(201, booked)
                    : Answer.error(409, "ALREADY_REFUNDED", "The charge was refunded under another key");
        });
    }

    /** 200 with the capture that this key caused; 404 if it caused none so far. */
    Answer probe(String key) throws InterruptedException {
        return withFaults(() -> {
            LedgerEntry found = ledger.find(key);
            return found == null || found.kind() != Kind.CAPTURE
                    ? Answer.error(404, "CHARGE_NOT_FOUND", "Nothing was charged under this key")
                    : new Answer(200, found);
        });
    }

    private Answer withFaults(Work work) throws InterruptedException {
        Faults now = faults;
        Thread.sleep(now.latencyMillis());
        if (now.down()) {
            return Answer.error(503, "DOWN", "The gateway is down; nothing was done");
        }
        if (hits(now.errorRate())) {
            return Answer.error(500, "INTERNAL_ERROR", "The gateway failed; nothing was done");
        }
        if (hits(now.timeoutBeforeRate())) {
            return hang();
        }
        Answer answer = work.run();
        return hits(now.timeoutAfterRate()) ? hang() : answer;
    }

    private Answer hang() throws InterruptedException {
        Thread.sleep(hang);
        return Answer.error(504, "TIMEOUT", "The gateway took too long; what was done is unknown");
    }

    private static boolean hits(double rate) {
        return rate > 0 && ThreadLocalRandom.current().nextDouble() < rate;
    }

    private static Answer keyReused() {
        return Answer.error(
                422, "IDEMPOTENCY_KEY_REUSED", "The key was used before for something else; nothing was done");
    }

    private static String requireText(String name, @Nullable String text) {
        if (text == null || text.isBlank() || text.length() > MAX_TEXT) {
            throw new BadRequest("Expected " + name + " of 1 to " + MAX_TEXT + " characters");
        }
        return text;
    }

    private interface Work {
        Answer run() throws InterruptedException;
    }
}
