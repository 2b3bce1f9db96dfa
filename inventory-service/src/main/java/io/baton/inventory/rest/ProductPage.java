package io.baton.inventory.rest;

import java.util.List;

/** Some products, in the order of their SKUs. Where there are more, the answer has a {@code Link} to them. */
record ProductPage(List<ProductBody> items) {}
