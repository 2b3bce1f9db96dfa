package io.baton.lab.check;

import io.baton.lab.check.SagaDossier.LogRow;
import io.baton.lab.check.StackDescription.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a saga of one definition may do: written down once more, independently of the machine that does it.
 *
 * @param steps in the order in which they are done; the first one is done by the time the saga starts
 * @param states the state that is reached once the step of the same place is done
 */
record SagaShape(String definition, List<String> steps, String pivot, List<String> states) {

    /** An order is fulfilled. */
    static final SagaShape FULFILMENT = new SagaShape(
            "order-fulfilment",
            List.of("order", "payment", "inventory", "delivery", "completion"),
            "delivery",
            List.of("STARTED", "PAYMENT_COMPLETED", "INVENTORY_RESERVED", "DELIVERY_SCHEDULED", "COMPLETED"));

    /** A completed order is undone. */
    static final SagaShape CANCELLATION = new SagaShape(
            "order-cancellation",
            List.of("order", "delivery", "inventory", "payment", "completion"),
            "delivery",
            List.of("STARTED", "DELIVERY_CANCELLED", "STOCK_RETURNED", "PAYMENT_REFUNDED", "COMPLETED"));

    private static final List<SagaShape> ALL = List.of(FULFILMENT, CANCELLATION);

    /** Null if nobody here knows the definition. */
    static @Nullable SagaShape of(String definition) {
        return ALL.stream()
                .filter(shape -> shape.definition.equals(definition))
                .findFirst()
                .orElse(null);
    }

    String givenStep() {
        return steps.getFirst();
    }

    Service serviceOf(String step) {
        return switch (step) {
            case "payment" -> Service.PAYMENT;
            case "inventory" -> Service.INVENTORY;
            case "delivery" -> Service.DELIVERY;
            default -> Service.ORDER;
        };
    }

    /** Whether a saga in this phase may be shown in this state. */
    boolean agree(int phase, String state) {
        return switch (phase) {
            case 0 -> states.contains(state) && !state.equals("COMPLETED");
            case 1 -> state.equals("COMPENSATING");
            case 2 -> state.equals("COMPLETED");
            case 3 -> state.equals("COMPENSATED");
            case 4 -> state.equals("STUCK");
            default -> false;
        };
    }

    /** Why the change must not be; null if it may. */
    @Nullable String whatIsWrongWith(LogRow line) {
        String from = line.from();
        String to = line.to();
        int target = states.indexOf(to);
        if (target < 0 && !List.of("COMPENSATING", "COMPENSATED", "STUCK").contains(to)) {
            return "there is no state " + to;
        }
        if (from == null) {
            return to.equals("STARTED") ? null : "a saga starts with STARTED, not with " + to;
        }
        return switch (from) {
            case "COMPLETED", "COMPENSATED" -> from + " is final but is followed by " + to;
            case "COMPENSATING" -> target < 0 ? null : "COMPENSATING is followed by " + to;
            // What follows depends on the phase in which it got stuck; its end and its effects are checked anyway.
            case "STUCK" -> null;
            default -> whatIsWrongForward(line, from, to, target);
        };
    }

    private @Nullable String whatIsWrongForward(LogRow line, String from, String to, int target) {
        int source = states.indexOf(from);
        if (source < 0) {
            return "there is no state " + from;
        }
        if (to.equals("STUCK") || target == source) {
            return null;
        }
        if (to.equals("COMPENSATING")) {
            return source < steps.indexOf(pivot) ? null : "the point of no return is passed, but it is undone";
        }
        if (target != source + 1) {
            return from + " is followed by " + to;
        }
        return steps.get(target).equals(line.step()) && line.isDone("ACTION")
                ? null
                : to + " is reached without an answer that step " + steps.get(target) + " is done";
    }
}
