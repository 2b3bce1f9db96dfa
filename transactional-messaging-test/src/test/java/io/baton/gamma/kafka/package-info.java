/** Asks the domain on behalf of a saga. */
@NullMarked
package io.baton.gamma.kafka;

import org.jspecify.annotations.NullMarked;
