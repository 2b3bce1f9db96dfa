package io.baton.lab.stack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One stack per directory. The lock ends with this JVM, however that ends. */
final class StackLock implements AutoCloseable {

    private final FileChannel channel;
    private final FileLock lock;

    private StackLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Null if a stack runs in this directory.
     *
     * @throws StackException if the directory cannot be written
     */
    static @Nullable StackLock acquire(Path directory) {
        Path file = directory.resolve("lock");
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return null;
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(
                    Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new StackLock(channel, lock);
        } catch (IOException cause) {
            throw new StackException("%s cannot be written: %s".formatted(file, cause.getMessage()), cause);
        }
    }

    /** The process that holds the directory, as it wrote it down itself. */
    static String holder(Path directory) {
        try {
            return Files.readString(directory.resolve("lock")).strip();
        } catch (IOException unknown) {
            return "unknown";
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException cause) {
            throw new StackException("The lock cannot be released: " + cause.getMessage(), cause);
        }
    }
}
