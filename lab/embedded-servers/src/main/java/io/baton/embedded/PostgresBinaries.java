package io.baton.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs for this machine, unpacked once per user and version. */
final class PostgresBinaries {

    private static @Nullable Path home;
    private static @Nullable List<String> prefix;

    private PostgresBinaries() {}

    /** The command line that runs one of PostgreSQL's programs as a user it accepts. */
    static List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(runAsOrdinaryUser());
        command.add(home().resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * PostgreSQL refuses to run as root. In a user namespace of its own the process is nobody to itself, while for
     * the file system it still is the user who started it.
     */
    private static synchronized List<String> runAsOrdinaryUser() {
        if (prefix == null) {
            if (!"0".equals(firstLineOf("id", "-u"))) {
                prefix = List.of();
            } else {
                String user = firstLineOf("unshare", "-U", "id", "-u");
                if (user == null || user.equals("0")) {
                    throw new EmbeddedServerException(
                            "PostgreSQL does not run as root, and `unshare -U`, which would make an ordinary user"
                                    + " of it, does not work here (a container without the right to create user"
                                    + " namespaces?). "
                                    + "Run as an ordinary user, or allow user namespaces.");
                }
                prefix = List.of("unshare", "-U");
            }
        }
        return prefix;
    }

    private static @Nullable String firstLineOf(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String line;
            try (var output = process.inputReader()) {
                line = output.readLine();
            }
            return process.waitFor() == 0 ? line : null;
        } catch (IOException missing) {
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static synchronized Path home() {
        if (home == null) {
            try {
                home = unpack();
            } catch (IOException | NoSuchAlgorithmException cause) {
                throw new EmbeddedServerException(
                        "PostgreSQL's programs cannot be unpacked: " + cause.getMessage(), cause);
            }
        }
        return home;
    }

    private static Path unpack() throws IOException, NoSuchAlgorithmException {
        Path cache = cacheDirectory();
        Files.createDirectories(cache);
        Path target = cache.resolve("postgresql-" + digest().substring(0, 16));
        if (Files.exists(target)) {
            return target;
        }
        // Several JVMs may come here at once: one unpacks, and the directory appears complete or not at all.
        try (FileChannel channel = FileChannel.open(
                        cache.resolve("postgresql.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (!Files.exists(target)) {
                Path unfinished = cache.resolve(target.getFileName() + ".unfinished");
                Processes.deleteTree(unfinished);
                try (InputStream archive = archive()) {
                    untar(archive, unfinished);
                }
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return target;
    }

    /** A place that belongs to this user alone: programs that are run must not be anybody else's to replace. */
    private static Path cacheDirectory() {
        String cache = System.getenv("XDG_CACHE_HOME");
        return cache == null || cache.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "baton")
                : Path.of(cache, "baton");
    }

    private static InputStream archive() throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "Darwin" : "Linux";
        String machine =
                switch (System.getProperty("os.arch")) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    case String other -> other;
                };
        try {
            return new BufferedInputStream(DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine));
        } catch (IllegalStateException missing) {
            throw new EmbeddedServerException(
                    ("There are no PostgreSQL programs for %s on %s on the class path:"
                                    + " add the artifact of io.zonky.test.postgres for it.")
                            .formatted(system, machine),
                    missing);
        }
    }

    private static String digest() throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream archive = new DigestInputStream(archive(), digest)) {
            archive.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void untar(InputStream archive, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("The archive has an entry outside of its own directory: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    if (entry.isSymbolicLink()) {
                        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                    } else {
                        Files.copy(tar, path);
                        Files.setPosixFilePermissions(path, permissions(entry.getMode()));
                    }
                }
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions =
                EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        if ((mode & 0100) != 0) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
        }
        return permissions;
    }
}
