/** What other services ask of the stock, and what they are told, over Kafka. */
@NullMarked
package io.baton.inventory.kafka;

import org.jspecify.annotations.NullMarked;
