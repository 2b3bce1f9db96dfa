package io.baton.orchestrator.operator.deadletters;

/** Where a dead letter lies; written as {@code topic-partition-offset}. */
record DeadLetterId(String topic, int partition, long offset) {

    /** @throws IllegalArgumentException if the text is not of that form */
    static DeadLetterId parse(String text) {
        int second = text.lastIndexOf('-');
        int first = text.lastIndexOf('-', second - 1);
        if (first < 1) {
            throw new IllegalArgumentException("Expected topic-partition-offset");
        }
        DeadLetterId id = new DeadLetterId(
                text.substring(0, first),
                Integer.parseInt(text.substring(first + 1, second)),
                Long.parseLong(text.substring(second + 1)));
        if (!id.toString().equals(text)) {
            throw new IllegalArgumentException("Expected numbers as they are usually written");
        }
        return id;
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
