package io.baton.contract;

/**
 * Names of the record headers: the attributes of CloudEvents 1.0 in the Kafka binding's binary mode, and Baton's
 * extension attributes. All values are UTF-8 text.
 */
public final class MessageHeaders {

    public static final String SPEC_VERSION = "ce_specversion";
    /** The same for every copy of one message. */
    public static final String ID = "ce_id";
    /** The service that said it, as {@code /payment-service}. */
    public static final String SOURCE = "ce_source";
    /** A name from {@link Contract#MESSAGES}. */
    public static final String TYPE = "ce_type";
    /** The order id (for a product's event, the SKU); equals the record's key. */
    public static final String SUBJECT = "ce_subject";
    /** RFC 3339, UTC. */
    public static final String TIME = "ce_time";
    public static final String CONTENT_TYPE = "content-type";

    /** The saga that sends the command; a reply repeats it. */
    public static final String SAGA_ID = "ce_sagaid";
    /** The saga's step; a reply repeats it. */
    public static final String STEP = "ce_step";
    /** {@code ACTION} or {@code COMPENSATION}; a reply repeats it. */
    public static final String DIRECTION = "ce_direction";
    /** Counts the sends of one command from 1; a reply repeats that of the copy it answers. */
    public static final String ATTEMPT = "ce_attempt";
    /** RFC 3339, UTC: a participant that does not know the command does not carry it out after this moment. */
    public static final String EXPIRY_TIME = "ce_expirytime";
    /** {@code true} on a command that must not be carried out: its participant is asked what came of it. */
    public static final String PROBE = "ce_probe";
    /** Only on replies: {@code DONE}, {@code REFUSED} or {@code FAILED}. */
    public static final String OUTCOME = "ce_outcome";
    /** Only on replies: where the command was read, as {@code topic-partition@offset}. */
    public static final String COMMAND_POSITION = "ce_commandposition";

    /** W3C Trace Context. */
    public static final String TRACE_PARENT = "traceparent";

    /** On dead letters: where the record was read and why it was put aside. Spring for Apache Kafka's names. */
    public static final String DLT_TOPIC = "kafka_dlt-original-topic";
    public static final String DLT_PARTITION = "kafka_dlt-original-partition";
    public static final String DLT_OFFSET = "kafka_dlt-original-offset";
    public static final String DLT_EXCEPTION_CLASS = "kafka_dlt-exception-fqcn";
    public static final String DLT_EXCEPTION_MESSAGE = "kafka_dlt-exception-message";
    /** Only on dead letters that were too large and are cut: how many bytes the record's body had. A name of our own. */
    public static final String DLT_CUT_FROM = "kafka_dlt-cut-from";

    private MessageHeaders() {}
}
