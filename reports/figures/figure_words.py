"""What each figure is called and what it means, in plain words, with where its rule stands.

The formulas are `reports.figures.definitions`; a test holds the two to the same keys.
"""

from collections.abc import Mapping
from typing import NamedTuple

from reports.statuses import Outcome, Rejection
from reports.vocabulary import OUTCOMES, REJECTIONS


class Source(NamedTuple):
    vi: str
    en: str


class FigureWords(NamedTuple):
    vi: str
    en: str
    about_vi: str
    about_en: str
    source: Source

    @property
    def source_vi(self) -> str:
        return self.source.vi

    @property
    def source_en(self) -> str:
        return self.source.en


#: The rule itself: who reads a page or a paper has no file of ours to look it up in.
_FIGURES = Source(
    "Cách tính số liệu: tính trên các phản ánh gửi trong kỳ, theo tình trạng lúc lấy số liệu",
    "How figures are made: from the reports sent in the period, as they stand when counted",
)
_STEPS = Source(
    "Các bước xử lý đã ghi của các phản ánh gửi trong kỳ, đến lúc lấy số liệu",
    "The steps on record for the reports sent in the period, until they were counted",
)
_DEADLINES = Source(
    "Quy tắc hạn xử lý: số ngày hoặc giờ làm việc của lĩnh vực, kể từ khi tiếp nhận, theo Bộ luật"
    " Dân sự 2015, điều 147 và 148; khẩn cấp thì 4 giờ từ khi gửi",
    "The rules of deadlines: a category's working days or hours, counted from acceptance, after the"
    " Civil Code 2015, articles 147 and 148; urgent ones 4 hours from sending",
)
_HOURS = Source(
    "Giờ làm việc của thành phố: không tính ngoài giờ, ngày nghỉ và ngày lễ",
    "The city's working hours: not what is outside them, nor days off and public holidays",
)
_CENTRE = Source(
    "Hạn riêng của trung tâm: 8 giờ làm việc",
    "The centre's own term: 8 working hours",
)


def _reason(reason: Rejection) -> FigureWords:
    vi, en = REJECTIONS[reason]
    return FigureWords(
        f"Không tiếp nhận: {vi[0].lower()}{vi[1:]}",
        f"Not accepted: {en[0].lower()}{en[1:]}",
        f"Số phản ánh mà trung tâm không tiếp nhận với lý do “{vi}”.",
        f"Reports that the centre did not take, for the reason “{en}”.",
        _STEPS,
    )


def _outcome(outcome: Outcome) -> FigureWords:
    vi, en = OUTCOMES[outcome]
    return FigureWords(
        vi,
        en,
        f"Số phản ánh đã xử lý mà đơn vị báo kết quả “{vi}”.",
        f"Resolved reports whose office told the outcome “{en}”.",
        _STEPS,
    )


def _age(since: int, until: int | None) -> FigureWords:
    if until is None:
        vi, en = f"từ {since} ngày trở lên", f"{since} days or more"
    elif since == 0:
        vi, en = "dưới 1 ngày", "less than a day"
    else:
        vi, en = f"từ {since} đến dưới {until} ngày", f"{since} to less than {until} days"
    return FigureWords(
        f"Quá hạn {vi}",
        f"Overdue {en}",
        f"Số phản ánh đang quá hạn mà đã trễ {vi}, tính theo ngày giờ trên lịch.",
        f"Reports that are overdue now, and have been for {en} by the clock.",
        _DEADLINES,
    )


_WORKING_VI = " Chỉ tính giờ làm việc của thành phố; trừ thời gian chờ người phản ánh bổ sung."
_WORKING_EN = " Counted in the city's working hours, without the time waited for the reporter."
#: Whom the times to a result are of: what has none yet is not in them.
_ANSWERED_VI = "Trong số phản ánh đã có kết quả, từ lúc gửi đến kết quả đầu tiên"
_ANSWERED_EN = "Among the reports with a result, from sending to the first one"

WORDS: Mapping[str, FigureWords] = {
    "received": FigureWords(
        "Phản ánh gửi đến",
        "Received",
        "Số phản ánh gửi đến trong kỳ, tính theo ngày gửi (giờ của thành phố). Mỗi phản ánh nằm ở"
        " đúng một nơi: đang mở, không tiếp nhận, đã gộp, đã rút hoặc đã xử lý. Cộng lại bằng đúng"
        " số này.",
        "Reports sent in the period, by the day of sending in the city's zone. Each is in exactly"
        " one place: open, not accepted, merged, withdrawn or resolved. These add up to it.",
        _FIGURES,
    ),
    "urgent": FigureWords(
        "Khẩn cấp",
        "Urgent",
        "Số phản ánh được xếp khẩn cấp: 4 giờ kể từ lúc gửi, cả ban đêm và ngày nghỉ.",
        "Reports taken as urgent: 4 hours from sending, nights and days off included.",
        _DEADLINES,
    ),
    "published": FigureWords(
        "Đã công khai",
        "Published",
        "Số phản ánh mà ai cũng xem được lúc này. Lĩnh vực riêng tư và phản ánh bị ẩn không tính.",
        "Reports that everybody can see now. Private categories and hidden reports are not.",
        _STEPS,
    ),
    "recurring": FigureWords(
        "Tái diễn",
        "Recurring places",
        "Số phản ánh ở nơi đã có ít nhất một phản ánh cùng loại được xử lý trong 12 tháng trước,"
        " cách không quá 50 m.",
        "Reports at a place where the same kind was reported and resolved within the 12 months"
        " before, at most 50 m away.",
        _FIGURES,
    ),
    "open": FigureWords(
        "Đang mở",
        "Open",
        "Số phản ánh của kỳ này hiện chưa có kết quả: mới gửi, đã tiếp nhận, đang xử lý, chờ bổ"
        " sung hoặc chuyển trả.",
        "Reports of this period without a result so far: sent, accepted, in progress, waiting or"
        " returned.",
        _STEPS,
    ),
    "rejected": FigureWords(
        "Không tiếp nhận",
        "Not accepted",
        "Số phản ánh mà trung tâm không tiếp nhận, kèm lý do gửi người phản ánh.",
        "Reports that the centre did not take, with a reason told to the reporter.",
        _STEPS,
    ),
    **{f"rejected_{reason}": _reason(reason) for reason in Rejection},
    "merged": FigureWords(
        "Đã gộp",
        "Merged",
        "Số phản ánh được gộp vào một phản ánh khác về cùng một việc.",
        "Reports that were joined to another about the same thing.",
        _STEPS,
    ),
    "withdrawn": FigureWords(
        "Đã rút",
        "Withdrawn",
        "Số phản ánh mà chính người gửi đã rút lại.",
        "Reports taken back by whoever sent them.",
        _STEPS,
    ),
    "resolved": FigureWords(
        "Đã xử lý",
        "Resolved",
        "Số phản ánh đã có kết quả của đơn vị, kể cả đã kết thúc. Phản ánh bị mở lại thì tính là"
        " đang mở cho tới kết quả sau.",
        "Reports with an office's result, closed ones included. One that was reopened counts as"
        " open until its next result.",
        _STEPS,
    ),
    **{str(outcome): _outcome(outcome) for outcome in Outcome},
    "on_time": FigureWords(
        "Đúng hạn",
        "On time",
        "Trong số phản ánh đã trả lời cùng với số còn mở mà đã quá hạn đầu tiên: tỷ lệ trả lời"
        " trong hạn đầu tiên. Tính lần trả lời cuối trước khi kết thúc hoặc trước lần mở lại đầu"
        " tiên. Hạn đầu tiên chỉ lùi khi chờ người phản ánh bổ sung; chuyển đơn vị hay gia hạn"
        " không làm nó đổi.",
        "Among the reports that were answered, and those still open past their first deadline: how"
        " many were answered within it. The last answer before closing or the first reopening"
        " counts. The first deadline moves only while the reporter is waited for; forwarding and"
        " extensions leave it.",
        _DEADLINES,
    ),
    "overdue": FigureWords(
        "Đang quá hạn",
        "Overdue",
        "Số phản ánh còn mở đã quá hạn đầu tiên, kể cả khi được gia hạn (đã mở lại thì tính theo"
        " hạn mới). Đang chờ người phản ánh bổ sung thì không tính. Danh sách việc của đơn vị đi"
        " theo hạn đang áp dụng, nên số quá hạn ở đó có thể khác.",
        "Open reports past their first deadline, whatever was granted since (past the new one, once"
        " reopened). Those that wait for the reporter are not counted. Offices' lists go by the"
        " deadline in force, so what is overdue there may be another number.",
        _DEADLINES,
    ),
    "overdue_0d": _age(0, 1),
    "overdue_1d": _age(1, 3),
    "overdue_3d": _age(3, 7),
    "overdue_7d": _age(7, 30),
    "overdue_30d": _age(30, None),
    "accept_median": FigureWords(
        "Thời gian tiếp nhận (trung vị)",
        "Hours to accept (median)",
        "Trong số phản ánh đã được tiếp nhận, từ lúc gửi đến lần tiếp nhận đầu tiên: một nửa nhanh"
        " hơn, một nửa chậm hơn. Chỉ tính giờ làm việc của thành phố.",
        "Among the reports that were accepted, from sending to the first acceptance: half took"
        " less, half more. Counted in the city's working hours.",
        _HOURS,
    ),
    "accept_p90": FigureWords(
        "Thời gian tiếp nhận (9 trên 10)",
        "Hours to accept (9 of 10)",
        "Trong số phản ánh đã được tiếp nhận, từ lúc gửi đến lần tiếp nhận đầu tiên: 9 trên 10"
        " không lâu hơn. Chỉ tính giờ làm việc của thành phố.",
        "Among the reports that were accepted, from sending to the first acceptance: 9 of 10 took"
        " no longer. Counted in the city's working hours.",
        _HOURS,
    ),
    "resolve_median": FigureWords(
        "Thời gian xử lý (trung vị)",
        "Hours to resolve (median)",
        f"{_ANSWERED_VI}: một nửa nhanh hơn, một nửa chậm hơn.{_WORKING_VI}",
        f"{_ANSWERED_EN}: half took less, half more.{_WORKING_EN}",
        _HOURS,
    ),
    "resolve_p90": FigureWords(
        "Thời gian xử lý (9 trên 10)",
        "Hours to resolve (9 of 10)",
        f"{_ANSWERED_VI}: 9 trên 10 không lâu hơn.{_WORKING_VI}",
        f"{_ANSWERED_EN}: 9 of 10 took no longer.{_WORKING_EN}",
        _HOURS,
    ),
    "held_mean": FigureWords(
        "Thời gian đơn vị giữ, trung bình",
        "Hours held, mean",
        "Đơn vị chủ trì giữ một phản ánh trung bình bao nhiêu giờ làm việc, đến kết quả đầu tiên"
        " (hoặc đến nay). Mỗi đơn vị chỉ chịu phần mình giữ." + _WORKING_VI,
        "How many working hours an office led a report on average, until the first result or until"
        " now. Each office answers for its own part alone." + _WORKING_EN,
        _HOURS,
    ),
    "held": FigureWords(
        "Thời gian đơn vị giữ, tổng",
        "Hours held, all together",
        "Tổng giờ làm việc mà đơn vị chủ trì giữ các phản ánh của kỳ này." + _WORKING_VI,
        "Working hours for which offices led the reports of this period, all together."
        + _WORKING_EN,
        _HOURS,
    ),
    "rested": FigureWords(
        "Có lúc chờ bổ sung",
        "Waited for the reporter",
        "Số phản ánh có lúc phải chờ người gửi trả lời một câu hỏi.",
        "Reports that waited for their reporter's answer at some time.",
        _STEPS,
    ),
    "rest_mean": FigureWords(
        "Thời gian chờ bổ sung, trung bình",
        "Hours waited, mean",
        "Mỗi phản ánh phải chờ thì chờ trung bình bao nhiêu giờ làm việc. Hạn xử lý nghỉ trong lúc"
        " chờ.",
        "How many working hours a report waited, among those that waited. Its deadline rests"
        " meanwhile.",
        _HOURS,
    ),
    "centre_median": FigureWords(
        "Thời gian ở trung tâm (trung vị)",
        "Hours at the centre (median)",
        "Thời gian phản ánh nằm ở trung tâm, lúc mới gửi và lúc bị chuyển trả: một nửa số phản ánh"
        " ít hơn, một nửa nhiều hơn. Chỉ tính giờ làm việc của thành phố.",
        "How long reports were in the centre's hands, new or returned: half of them less, half"
        " more. Counted in the city's working hours.",
        _CENTRE,
    ),
    "centre_p90": FigureWords(
        "Thời gian ở trung tâm (9 trên 10)",
        "Hours at the centre (9 of 10)",
        "Thời gian phản ánh nằm ở trung tâm, lúc mới gửi và lúc bị chuyển trả: 9 trên 10 phản ánh"
        " không lâu hơn. Chỉ tính giờ làm việc của thành phố.",
        "How long reports were in the centre's hands, new or returned: 9 of 10 no longer. Counted"
        " in the city's working hours.",
        _CENTRE,
    ),
    "centre_in_time": FigureWords(
        "Trung tâm kịp 8 giờ",
        "Centre within 8 hours",
        "Trong số phản ánh đã qua tay trung tâm, cùng với số đang nằm ở đó quá lâu: tỷ lệ không lần"
        " nào nằm ở đó quá 8 giờ làm việc (khẩn cấp: cũng không quá 4 giờ kể từ lúc gửi).",
        "Among the reports that the centre has dealt with, and those that lie there for too long"
        " now: how many were never there for longer than 8 working hours (urgent ones: nor beyond"
        " 4 hours from sending).",
        _CENTRE,
    ),
    "returned": FigureWords(
        "Phản ánh bị chuyển trả",
        "Returned",
        "Số phản ánh mà đơn vị chuyển trả trung tâm ít nhất một lần, vì không thuộc mình.",
        "Reports that an office returned to the centre at least once, as not theirs.",
        _STEPS,
    ),
    "returns": FigureWords(
        "Lượt chuyển trả",
        "Returns",
        "Tổng số lần chuyển trả trung tâm; một phản ánh có thể bị chuyển trả nhiều lần.",
        "How often reports were returned to the centre; one may be returned more than once.",
        _STEPS,
    ),
    "reopened": FigureWords(
        "Bị mở lại",
        "Reopened",
        "Số phản ánh mà người dân báo “Chưa xong” ít nhất một lần sau khi có kết quả.",
        "Reports of which residents said “Not done yet” at least once after a result.",
        _STEPS,
    ),
    "extended": FigureWords(
        "Được gia hạn",
        "Extended",
        "Số phản ánh được trung tâm đồng ý gia hạn. Gia hạn không đổi hạn đầu tiên.",
        "Reports that the centre granted more time. The first deadline stays.",
        _DEADLINES,
    ),
    "satisfied": FigureWords(
        "Hài lòng",
        "Satisfied",
        "Trong số lượt đánh giá: tỷ lệ 4 hoặc 5 sao. Đọc cùng số phản ánh được đánh giá.",
        "Among the ratings: how many gave 4 or 5 stars. To be read with how many reports were"
        " rated.",
        _FIGURES,
    ),
    "stars": FigureWords(
        "Số sao trung bình",
        "Stars, mean",
        "Trung bình của các lượt đánh giá, từ 1 đến 5 sao.",
        "The mean of all ratings, 1 to 5 stars.",
        _FIGURES,
    ),
    "rating_coverage": FigureWords(
        "Tỷ lệ được đánh giá",
        "Rated",
        "Trong số phản ánh đã có kết quả: tỷ lệ có ít nhất một lượt đánh giá. Thấp thì mức hài lòng"
        " chỉ nói về ít người.",
        "Among the reports with a result: how many have at least one rating. Where it is low,"
        " satisfaction speaks of few people.",
        _FIGURES,
    ),
    "comments": FigureWords(
        "Bình luận",
        "Comments",
        "Số bình luận của người dân đã được công khai.",
        "Comments of residents that were published.",
        _FIGURES,
    ),
    "unanswered": FigureWords(
        "Bình luận chưa ai trả lời",
        "Unanswered comments",
        "Số bình luận đã công khai của người dân mà sau đó chưa đơn vị nào lên tiếng, bằng bình"
        " luận hay bằng kết quả.",
        "Published comments of residents after which no office has spoken, by a comment or by a"
        " result.",
        _FIGURES,
    ),
}
