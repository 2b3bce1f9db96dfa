package io.baton.contract;

/** The topics. The key of every record is the order id, except on {@link #INVENTORY_EVENTS}, where it is the SKU. */
public final class Topics {

    /** Wishes that a saga be started or cancelled. Read by the orchestrator. */
    public static final String SAGA_REQUESTS = "saga.requests";
    /** Every participant's replies. Read by the orchestrator. */
    public static final String SAGA_REPLIES = "saga.replies";

    /** What the orchestrator has to say to those who wish something of a saga. */
    public static final String SAGA_EVENTS = "saga.events";
    /** Sagas that need a person. */
    public static final String SAGA_DEAD_LETTERS = "saga.dead-letters";

    public static final String ORDER_COMMANDS = "order.commands";
    public static final String PAYMENT_COMMANDS = "payment.commands";
    public static final String INVENTORY_COMMANDS = "inventory.commands";
    public static final String DELIVERY_COMMANDS = "delivery.commands";

    /** Orders that ended. */
    public static final String ORDER_EVENTS = "order.events";
    /** Products that were added or changed. */
    public static final String INVENTORY_EVENTS = "inventory.events";

    /** What is appended to a topic's name to get the topic of its dead letters. */
    public static final String DEAD_LETTER_SUFFIX = "-dlt";

    private Topics() {}
}
