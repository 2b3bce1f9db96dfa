package io.baton.http;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a POST take effect once per {@code Idempotency-Key}: the first answer is stored in the transaction of its
 * effect, and repeated for every further request with the same key and body. A request that fails stores nothing, so
 * the client may try again with the same key. A crash loses effect and answer together or neither.
 *
 * <p>A service that uses it has this table (see {@code db/idempotency_key.sql} in this module):
 *
 * <pre>{@code
 * create table idempotency_key (
 *     scope      text        not null,
 *     key        text        not null,
 *     body_hash  bytea       not null,
 *     status     smallint,
 *     location   text,
 *     body       bytea,
 *     created_at timestamptz not null default now(),
 *     primary key (scope, key)
 * );
 * }</pre>
 */
public final class IdempotencyKeys {

    /**
     * The lock, held until the transaction ends, tells a request that is in flight from one that has ended; waiting on
     * the unique index instead would keep a connection and a client waiting.
     */
    private static final String BEGIN =
            """
            with attempt as materialized (
                     select pg_try_advisory_xact_lock(hashtextextended(:scope || '/' || :key, 0)) as got),
                 fresh as (insert into idempotency_key (scope, key, body_hash)
                         select :scope, :key, :hash from attempt where got
                         on conflict do nothing returning 1)
            select case when not got then 'IN_FLIGHT' when exists (select from fresh) then 'NEW' else 'KNOWN' end
            from attempt
            """;

    private final JdbcClient jdbc;
    private final JsonMapper mapper;

    public IdempotencyKeys(JdbcClient jdbc, JsonMapper mapper) {
        this.jdbc = jdbc;
        this.mapper = mapper;
    }

    /**
     * Runs {@code work} in the transaction that is open, or repeats what it answered the first time.
     *
     * @param scope the endpoint with what its path names, as {@code POST /wallets/c-1/credits}: keys of different
     *     scopes have nothing to do with one another
     * @param key {@code null} runs the work and remembers nothing
     * @param request the request's body as it was read; requests are the same if it is written as the same JSON
     * @param work gives the answer; its body is written as JSON. An exception leaves nothing behind
     * @throws ProblemException 409 while the first request with the key is in flight, 422 if its body was another
     * @throws IllegalStateException if no transaction is open
     */
    public ResponseEntity<?> once(
            String scope, @Nullable IdempotencyKey key, Object request, Supplier<? extends ResponseEntity<?>> work) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Expected an open transaction: key and effect are stored together");
        }
        if (key == null) {
            return work.get();
        }
        byte[] hash = sha256(mapper.writeValueAsBytes(request));
        String state = jdbc.sql(BEGIN)
                .param("scope", scope)
                .param("key", key.value())
                .param("hash", hash)
                .query(String.class)
                .single();
        return switch (state) {
            case "NEW" -> remember(scope, key, work.get());
            case "KNOWN" -> repeat(scope, key, hash);
            default -> throw IdempotencyKey.inFlight();
        };
    }

    /**
     * Forgets all keys that are older than {@code age}, and says how many. Clients count on 24 hours. Outside of a
     * transaction, each {@code atOnce} of them are forgotten in one of their own, so that no statement is long. However
     * much a service is asked to do, it forgets more than it remembers.
     */
    public int forgetOlderThan(Duration age, int atOnce) {
        int total = 0;
        int forgotten;
        do {
            forgotten = forgetSome(age, atOnce);
            total += forgotten;
        } while (forgotten == atOnce && !Thread.currentThread().isInterrupted());
        return total;
    }

    private int forgetSome(Duration age, int limit) {
        return jdbc.sql(
                        """
                        delete from idempotency_key where ctid = any (array(
                            select ctid from idempotency_key where created_at < now() - make_interval(secs => :seconds)
                            limit :limit))
                        """)
                .param("seconds", age.toSeconds())
                .param("limit", limit)
                .update();
    }

    private ResponseEntity<?> remember(String scope, IdempotencyKey key, ResponseEntity<?> answer) {
        URI location = answer.getHeaders().getLocation();
        jdbc.sql("update idempotency_key set status = :status, location = :location, body = :body"
                        + " where scope = :scope and key = :key")
                .param("status", answer.getStatusCode().value())
                .param("location", location == null ? null : location.toString())
                .param("body", answer.getBody() == null ? null : mapper.writeValueAsBytes(answer.getBody()))
                .param("scope", scope)
                .param("key", key.value())
                .update();
        return answer;
    }

    private ResponseEntity<?> repeat(String scope, IdempotencyKey key, byte[] hash) {
        return jdbc.sql("select body_hash, status, location, body from idempotency_key"
                        + " where scope = :scope and key = :key")
                .param("scope", scope)
                .param("key", key.value())
                .query((row, number) -> {
                    if (!Arrays.equals(row.getBytes("body_hash"), hash)) {
                        throw IdempotencyKey.reused();
                    }
                    return replay(row.getInt("status"), row.getString("location"), row.getBytes("body"));
                })
                .single();
    }

    private static ResponseEntity<?> replay(int status, @Nullable String location, byte @Nullable [] body) {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(status).header(IdempotencyKey.REPLAYED_HEADER, "true");
        if (location != null) {
            answer.location(URI.create(location));
        }
        return body == null ? answer.build() : answer.contentType(MediaType.APPLICATION_JSON).body(body);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
