package io.baton.http.operator;

import org.springframework.http.HttpMethod;

/**
 * A write that a service opens to everybody; declare one bean for each. Every other write needs the operator.
 *
 * @param path a path pattern of Spring MVC, as {@code /orders}
 */
public record PublicWrite(HttpMethod method, String path) {}
