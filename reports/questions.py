"""A category's own questions, as data: which answers are wanted, which fit, which mean danger.

A question is {code, text_vi, text_en, kind, required, options}; kind is `choice`, `choices`,
`text`, `number` or `yes_no`; an option is {code, vi, en, urgent}. Open311 calls them attributes.
One that is `retired` is no longer asked; a draft that answered it before is taken all the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import XomError
from reports.city.values import Category
from reports.errors import AnswerMissing, AnswerNotOffered
from reports.submissions import Submission

Question = Mapping[str, Any]


def check(category: Category, submission: Submission) -> bool:
    """Hold the answers against the questions; True when one of them makes the report urgent.

    A draft made for a category that has since retired answered other questions: it is taken as it
    is. Raises AnswerMissing or AnswerNotOffered, naming the field `answers.<code>`.
    """
    if category.code != submission.category:
        return False
    answers = submission.answers
    questions = {question["code"]: question for question in category.questions}
    for code in answers.keys() - questions.keys():
        raise _unfit(code, "Không có câu hỏi này.", "There is no such question.")
    # Every answer is checked before danger is asked for: `any` alone would stop at the first.
    dangerous = [_check_one(question, answers.get(code)) for code, question in questions.items()]
    return any(dangerous)


def faults(category: Category, answers: Mapping[str, Any]) -> Iterator[XomError]:
    """Every question whose answer is missing or does not fit, for a form that tells all at once."""
    for question in category.questions:
        try:
            _check_one(question, answers.get(question["code"]))
        except (AnswerMissing, AnswerNotOffered) as fault:
            yield fault


def told(category: Category, answers: Mapping[str, Any], locale: str) -> list[tuple[str, str]]:
    """Question and answer in words, in the category's order; what was not answered is left out."""
    vi = locale == "vi"
    return [
        (question["text_vi" if vi else "text_en"], _in_words(question, answers[code], vi=vi))
        for question in category.questions
        if (code := question["code"]) in answers
    ]


def _in_words(question: Question, answer: Any, *, vi: bool) -> str:
    if isinstance(answer, bool):
        return ("có" if answer else "không") if vi else ("yes" if answer else "no")
    names = {one["code"]: one["vi" if vi else "en"] for one in question.get("options", ())}
    several = answer if isinstance(answer, list) else [answer]
    return ", ".join(str(names.get(one, one)) for one in several)


def _check_one(question: Question, answer: Any) -> bool:
    if answer is None or answer == "":
        if question.get("required") and not question.get("retired"):
            raise AnswerMissing(
                field=f"answers.{question['code']}",
                question_vi=question["text_vi"],
                question_en=question["text_en"],
            )
        return False
    return _CHECKS[question["kind"]](question, answer)


def _choice(question: Question, answer: Any) -> bool:
    options = {option["code"]: option for option in question["options"]}
    if not isinstance(answer, str) or answer not in options:
        offered = ", ".join(options)
        raise _unfit(question["code"], f"Chọn một trong: {offered}.", f"Choose one of: {offered}.")
    return bool(options[answer].get("urgent"))


def _choices(question: Question, answer: Any) -> bool:
    if not isinstance(answer, list):
        raise _unfit(question["code"], "Cần một danh sách.", "A list is needed.")
    dangerous = [_choice(question, one) for one in answer]
    return any(dangerous)


def _text(question: Question, answer: Any) -> bool:
    if not isinstance(answer, str) or len(answer) > 500:
        raise _unfit(question["code"], "Viết tối đa 500 ký tự.", "At most 500 characters.")
    return False


def _number(question: Question, answer: Any) -> bool:
    is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
    if not is_number or not abs(answer) <= 1e9:  # so that NaN is none either
        raise _unfit(question["code"], "Cần một con số.", "A number is needed.")
    return False


def _yes_no(question: Question, answer: Any) -> bool:
    if not isinstance(answer, bool):
        raise _unfit(question["code"], "Trả lời có hoặc không.", "Answer true or false.")
    return answer and bool(question.get("urgent"))


_CHECKS = {
    "choice": _choice,
    "choices": _choices,
    "text": _text,
    "number": _number,
    "yes_no": _yes_no,
}


def _unfit(code: str, hint_vi: str, hint_en: str) -> AnswerNotOffered:
    return AnswerNotOffered(field=f"answers.{code}", hint_vi=hint_vi, hint_en=hint_en)
