/** Takes commands and answers them. */
@NullMarked
package io.baton.payment.kafka;

import org.jspecify.annotations.NullMarked;
