package io.baton.messaging.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;

/** The issuer of tokens for tests: a key of its own in each JVM, and tokens that are as right or wrong as one wants. */
public final class Tokens {

    public static final String ISSUER = "https://issuer.test";
    public static final String AUDIENCE = "baton";

    private static final KeyPair KEYS = generate();
    private static final Path PUBLIC_KEY = write();

    private Tokens() {}

    /** Where the public key is, as a location of Spring. */
    public static String publicKeyLocation() {
        return PUBLIC_KEY.toUri().toString();
    }

    /** The public key as it stands in its file. */
    public static String publicKey() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(KEYS.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** A valid token of a customer. */
    public static String customer(String name) {
        return sign(header("RS256"), claims(name, ISSUER, AUDIENCE, 300, ""));
    }

    /** A valid token of somebody with a role: {@code viewer} or {@code operator}. */
    public static String withRole(String name, String role) {
        return sign(header("RS256"), claims(name, ISSUER, AUDIENCE, 300, ",\"roles\":[\"" + role + "\"]"));
    }

    /** As {@code {"alg":"RS256","typ":"JWT"}}. */
    public static String header(String algorithm) {
        return "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}";
    }

    /**
     * The claims of a token.
     *
     * @param seconds from now until it expires
     * @param more further members, each with a comma before it
     */
    public static String claims(String subject, String issuer, String audience, long seconds, String more) {
        long now = Instant.now().getEpochSecond();
        return "{\"sub\":\"%s\",\"iss\":\"%s\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d%s}"
                .formatted(subject, issuer, audience, now, now + seconds, more);
    }

    /** Signed with the issuer's key by RS256, whatever the header says. */
    public static String sign(String header, String claims) {
        return sign(header, claims, KEYS.getPrivate());
    }

    /** Signed with another key. */
    public static String signByAnother(String header, String claims) {
        return sign(header, claims, generate().getPrivate());
    }

    /** With the given bytes for a signature. */
    public static String withSignature(String header, String claims, byte[] signature) {
        return base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8))
                + "." + base64(signature);
    }

    private static String sign(String header, String claims, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            String signed = withSignature(header, claims, new byte[0]);
            signature.update(signed.substring(0, signed.length() - 1).getBytes(StandardCharsets.US_ASCII));
            return signed + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path write() {
        try {
            Path file = Files.createTempFile("baton-issuer", ".pem");
            file.toFile().deleteOnExit();
            return Files.writeString(file, publicKey());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
