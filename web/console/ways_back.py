"""How a step in bulk can be taken back, said before it is begun and on the page of its run; else
why there is no way back.
"""

from app.locale import in_words

WAYS_BACK = {
    "merge": ("Hoàn tác được: tách ra, mỗi phản ánh như trước.",
              "Can be undone: they are taken apart again, each as it was."),
    "assign": ("Hoàn tác được: giao lại cho người trước đó.",
               "Can be undone: each goes back to whoever had it."),
    "forward": ("Hoàn tác được khi đơn vị mới chưa làm gì: chuyển về đơn vị trước, hạn tính lại."
                " Hai đơn vị đều được báo.",
                "Can be undone while the new office has done nothing: each goes back to the office"
                " it came from, its deadline counted anew. Both offices hear of it."),
    "publish": ("Hoàn tác được, có ghi vì sao: ẩn lại. Ai đã đọc thì vẫn biết.",
                "Can be undone, saying why: they are hidden again. Who has read them still knows."),
    "ask": ("Hoàn tác được, có ghi vì sao: xử lý tiếp, không đợi trả lời. Câu hỏi thì đã gửi đi.",
            "Can be undone, saying why: work goes on without an answer. The question was sent."),
}  # fmt: skip
NO_WAY_BACK = {
    "accept": ("Không hoàn tác hàng loạt được: người phản ánh và đơn vị được báo ngay. Sau đó vẫn"
               " chuyển đơn vị khác hoặc không tiếp nhận được, ở từng phản ánh.",
               "Cannot be undone in bulk: the reporter and the office hear at once. Each can still"
               " be sent to another office or not be accepted, by itself."),
    "start": ("Không hoàn tác hàng loạt được: việc đã bắt đầu không quay lại lúc chưa bắt đầu. Sau"
              " đó vẫn chuyển trả được, ở từng phản ánh.",
              "Cannot be undone in bulk: what has begun does not go back to before. Each can still"
              " be returned, by itself."),
    "resolve": ("Không hoàn tác hàng loạt được: người phản ánh nhận câu trả lời ngay. Sau đó chỉ"
                " trung tâm gửi lại được, ở từng phản ánh.",
                "Cannot be undone in bulk: the reporter hears the answer at once. Afterwards only"
                " the centre can send one back, each by itself."),
}  # fmt: skip


def way_back(step: str) -> str:
    """Can it be undone, and what would that do? If not, why."""
    told = WAYS_BACK.get(step) or NO_WAY_BACK.get(step)
    return in_words(*told) if told else ""
