package io.baton.messaging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** A message as bytes, ready for a topic; and the form in which several of them wait in one database column. */
record EncodedMessage(String topic, byte @Nullable [] key, List<Header> headers, byte @Nullable [] value) {

    private static final int FORMAT = 1;

    ProducerRecord<byte[], byte[]> toRecord() {
        return new ProducerRecord<>(topic, null, key, value, headers);
    }

    /** One column's worth of messages, in their order. */
    static byte[] pack(List<EncodedMessage> messages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512 * messages.size());
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(messages.size());
            for (EncodedMessage message : messages) {
                out.writeUTF(message.topic);
                write(out, message.key);
                out.writeInt(message.headers.size());
                for (Header header : message.headers) {
                    out.writeUTF(header.key());
                    write(out, header.value());
                }
                write(out, message.value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The messages that {@link #pack} wrote; none for null. */
    static List<EncodedMessage> unpack(byte @Nullable [] packed) {
        if (packed == null) {
            return List.of();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(packed))) {
            int format = in.readByte();
            if (format != FORMAT) {
                throw new IllegalStateException("Expected stored messages of format " + FORMAT + " but found " + format);
            }
            int count = in.readInt();
            List<EncodedMessage> messages = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                messages.add(readMessage(in));
            }
            return messages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EncodedMessage readMessage(DataInputStream in) throws IOException {
        String topic = in.readUTF();
        byte[] key = read(in);
        int count = in.readInt();
        List<Header> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            headers.add(new RecordHeader(in.readUTF(), read(in)));
        }
        return new EncodedMessage(topic, key, headers, read(in));
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            out.writeInt(-1);
        } else {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    private static byte @Nullable [] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new EOFException("Expected " + length + " stored bytes but found " + bytes.length);
        }
        return bytes;
    }
}
