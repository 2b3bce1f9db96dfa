@NullMarked
package io.baton.order.kafka;

import org.jspecify.annotations.NullMarked;
