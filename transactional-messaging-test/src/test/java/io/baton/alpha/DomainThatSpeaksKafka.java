package io.baton.alpha;

import org.apache.kafka.clients.consumer.ConsumerRecord;

class DomainThatSpeaksKafka {

    long offset(ConsumerRecord<String, String> read) {
        return read.offset();
    }
}
