/** The catalogue and the stock over HTTP: reads for everybody, writes for the operator. */
@NullMarked
package io.baton.inventory.rest;

import org.jspecify.annotations.NullMarked;
