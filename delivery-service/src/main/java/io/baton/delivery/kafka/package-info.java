/** What sagas ask of the delivery, over Kafka. */
@NullMarked
package io.baton.delivery.kafka;

import org.jspecify.annotations.NullMarked;
