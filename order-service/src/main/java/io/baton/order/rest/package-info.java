/** Orders over HTTP. */
@NullMarked
package io.baton.order.rest;

import org.jspecify.annotations.NullMarked;
