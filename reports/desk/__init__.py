"""The officials' desk: what they work with besides the reports themselves. Answer templates, saved
filters, who else is looking at a report, bulk runs, limits on a reporter, complaints, invitations.
"""
