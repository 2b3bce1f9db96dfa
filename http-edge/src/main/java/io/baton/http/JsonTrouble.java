package io.baton.http;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with a JSON body in the client's words: where, what was expected; never a class name. */
final class JsonTrouble {

    private JsonTrouble() {}

    static ProblemException explain(JacksonException e) {
        return switch (e) {
            case UnrecognizedPropertyException unknown -> invalid(e, "UNKNOWN_FIELD", "There is no such field.");
            case InvalidNullException missing -> invalid(e, "REQUIRED", "Expected a value but got null.");
            case MismatchedInputException mismatch when trailing(mismatch) ->
                malformed("", "TRAILING_CONTENT", "Expected nothing after the JSON document.");
            case MismatchedInputException mismatch when empty(mismatch) ->
                malformed("", "REQUIRED", "Expected a JSON document but the body is empty.");
            case MismatchedInputException missing when absent(missing) ->
                invalid(e, "REQUIRED", "Expected " + expected(missing.getTargetType()) + ".");
            case MismatchedInputException mismatch -> mismatch(mismatch);
            case InputCoercionException overflow -> invalid(e, "OUT_OF_RANGE", "The number is too large.");
            case StreamConstraintsException limit ->
                malformed(
                        pointer(e), "TOO_COMPLEX", "The document is too deep, or a name or number in it is too long.");
            case StreamReadException syntax when duplicate(syntax) ->
                malformed(pointer(e), "DUPLICATE_FIELD", "The field is given twice.");
            case StreamReadException syntax ->
                malformed("", "MALFORMED_JSON", "The body is not JSON in UTF-8" + at(syntax.getLocation()) + ".");
            default -> invalid(e, "WRONG_VALUE", "Expected another value.");
        };
    }

    private static ProblemException mismatch(MismatchedInputException e) {
        Class<?> target = e.getTargetType();
        if (target != null && target.isEnum()) {
            String names =
                    Arrays.stream(target.getEnumConstants()).map(Object::toString).collect(Collectors.joining(", "));
            return invalid(e, "WRONG_VALUE", "Expected one of " + names + ".");
        }
        return invalid(e, "WRONG_TYPE", "Expected " + expected(target) + ".");
    }

    private static String expected(@Nullable Class<?> target) {
        if (target == null) {
            return "another type";
        }
        if (target == int.class || target == long.class || target == Integer.class || target == Long.class) {
            return "a whole number";
        }
        if (Number.class.isAssignableFrom(target) || target == double.class) {
            return "a number";
        }
        if (CharSequence.class.isAssignableFrom(target)) {
            return "text";
        }
        if (target == boolean.class || target == Boolean.class) {
            return "true or false";
        }
        if (target.isArray() || Collection.class.isAssignableFrom(target)) {
            return "an array";
        }
        return target.isRecord() || Map.class.isAssignableFrom(target) ? "an object" : "another type";
    }

    private static ProblemException invalid(JacksonException e, String code, String detail) {
        return new ProblemException(
                ProblemType.INVALID_REQUEST, detail, List.of(new Violation(pointer(e), code, detail)));
    }

    private static ProblemException malformed(String pointer, String code, String detail) {
        return new ProblemException(ProblemType.MALFORMED_BODY, detail, List.of(new Violation(pointer, code, detail)));
    }

    /** By the path of the data being bound; where binding had not begun, by the parser's position. */
    private static String pointer(JacksonException e) {
        if (e.getPath().isEmpty() || e instanceof StreamReadException) {
            return e.processor() instanceof JsonParser parser
                    ? parser.streamReadContext().pathAsPointer().toString()
                    : "";
        }
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            String name = step.getPropertyName();
            pointer.append('/');
            if (name == null) {
                pointer.append(Math.max(0, step.getIndex()));
            } else {
                pointer.append(name.replace("~", "~0").replace("/", "~1"));
            }
        }
        return pointer.length() > 200 ? pointer.substring(0, 200) : pointer.toString();
    }

    private static String at(@Nullable TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : ": line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    // Jackson has no types of their own for these four; the tests of this class hold the texts.

    private static boolean duplicate(JacksonException e) {
        return e.getOriginalMessage().startsWith("Duplicate ");
    }

    private static boolean trailing(JacksonException e) {
        return e.getOriginalMessage().startsWith("Trailing token");
    }

    private static boolean absent(JacksonException e) {
        return e.getOriginalMessage().startsWith("Cannot map `null`");
    }

    private static boolean empty(JacksonException e) {
        return e.getOriginalMessage().startsWith("No content to map");
    }
}
