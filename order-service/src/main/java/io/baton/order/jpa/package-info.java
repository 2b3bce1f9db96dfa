/** Orders as entities, one by one or many under lock. */
@NullMarked
package io.baton.order.jpa;

import org.jspecify.annotations.NullMarked;
