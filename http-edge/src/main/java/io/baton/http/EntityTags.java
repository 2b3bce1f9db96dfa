package io.baton.http;

import org.springframework.http.ResponseEntity;

/** Entity tags made of a row's version: {@code ETag: "v7"}. */
public final class EntityTags {

    private EntityTags() {}

    /** The tag of {@code version}, with its quotes. */
    public static String of(long version) {
        return "\"v" + version + "\"";
    }

    /** 200 with the body and its tag; Spring MVC makes a 304 of it when {@code If-None-Match} names the tag. */
    public static <T> ResponseEntity<T> ok(long version, T body) {
        return ResponseEntity.ok().eTag(of(version)).body(body);
    }
}
