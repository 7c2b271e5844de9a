"""The true parameters of the simulated CVLN study, in one place.

The structure follows the published description of the network (five district teams of 7 to 11
leaders that grow to 41, one coach a district and a network coach, about 30,000 students). Every
effect below is invented.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "COMPARISON",
    "EFFECTS",
    "MODES",
    "PARTNER",
    "PRACTICES",
    "RELATIONS",
    "TEAMS",
    "VALUES",
    "WAVES",
    "WAVE_DAYS",
    "YEAR_OF",
]

WAVES = ("2008-fall", "2009-spring", "2010-spring", "2011-spring")
YEAR_OF = {"2008-fall": 1, "2009-spring": 1, "2010-spring": 2, "2011-spring": 3}
WAVE_DAYS = {
    "2008-fall": "2008-10-06",
    "2009-spring": "2009-05-04",
    "2010-spring": "2010-05-03",
    "2011-spring": "2011-05-02",
}
TEAMS = {
    "Almond Grove": "AG",
    "Cedar Flats": "CF",
    "Las Palmas": "LP",
    "Orchard Valley": "OV",
    "River Bend": "RB",
}
PARTNER = "Coaches"
COMPARISON = {
    "Bixby Slough": "BS",
    "Canal Junction": "CJ",
    "Dry Willow": "DW",
    "Eucalyptus Road": "ER",
    "Fig Tree Flat": "FT",
    "Granite Ford": "GF",
    "Heron Lake": "HL",
    "Iron Trestle": "IT",
    "Juniper Gap": "JG",
    "Kings Levee": "KL",
    "Long Furrow": "LF",
    "Mesa Quemada": "MQ",
    "North Tule": "NT",
    "Oak Hollow": "OH",
    "Poplar Corner": "PC",
}
RELATIONS = ("advice", "collaboration", "confide")
MODES = (
    "workshop",
    "coaching",
    "peer_visit",
    "study_group",
    "online_course",
    "conference",
    "action_research",
    "mentoring",
)
VALUES = (
    "equity",
    "high_expectations",
    "trust",
    "shared_leadership",
    "data_use",
    "student_voice",
    "family_partnership",
    "reflection",
    "persistence",
    "collegiality",
)
PRACTICES = (
    "protocol",
    "student_work",
    "shared_lesson",
    "follow_up",
    "rotating_roles",
    "meeting_time",
)

EFFECTS: dict[str, dict[str, Any]] = {
    "roster": {
        "size_by_year": {"1": [7, 7, 7, 7, 7], "2": [7, 7, 7, 8, 9], "3": [7, 7, 8, 8, 11]},
        "teams": list(TEAMS),
        "leavers_by_year": {"2": 3, "3": 4},
        "joiners_by_year": {"2": 6, "3": 7},
        "growth_at_site_level": 5,
        "growth_at_central_office": 1,
    },
    "coaching": {
        "visits_by_team_and_year": {
            "Almond Grove": [8, 10, 9],
            "Cedar Flats": [12, 14, 15],
            "Las Palmas": [9, 11, 12],
            "Orchard Valley": [15, 18, 20],
            "River Bend": [11, 13, 16],
        },
        "mean_minutes": 120.0,
        "share_virtual": 0.25,
    },
    "culture": {
        "level_fall_2008": {"trust": 3.2, "norms": 3.4, "shared_frameworks": 2.9, "voice": 3.1},
        "change_per_year": {"trust": 0.25, "norms": 0.10, "shared_frameworks": 0.30, "voice": 0.20},
        "change_per_ten_visits_above_mean": 0.12,
        "sd_team": 0.20,
        "sd_person": 0.40,
        "sd_item": 0.15,
        "sd_answer": 0.60,
        "late_joiner": -0.20,
    },
    "climate": {
        "level_fall_2008": {"openness": 2.9, "guardedness": 3.3},
        "change_per_year": {"openness": 0.25, "guardedness": -0.20},
    },
    "context": {
        "level_fall_2008": {"learning_communities": 3.0, "leadership": 3.3, "resources": 2.8},
        "change_per_year": {"learning_communities": 0.20, "leadership": 0.15, "resources": -0.10},
    },
    "guskey": {
        "level_fall_2008": {
            "reaction": 3.9,
            "learning": 3.5,
            "organizational_support": 3.0,
            "use": 2.8,
        },
        "change_per_year": {
            "reaction": 0.0,
            "learning": 0.10,
            "organizational_support": 0.15,
            "use": 0.25,
        },
    },
    "modes": {
        "share_offered": dict(
            zip(MODES, [0.90, 0.75, 0.30, 0.55, 0.40, 0.70, 0.15, 0.35], strict=True)
        ),
        "wanted": dict(zip(MODES, [2.4, 4.1, 4.2, 3.4, 2.6, 3.0, 3.3, 3.9], strict=True)),
        "impact": dict(zip(MODES, [2.6, 4.2, 4.0, 3.5, 2.4, 2.8, 3.4, 3.7], strict=True)),
    },
    "values": {
        "mean_importance": dict(
            zip(VALUES, [6.2, 6.0, 5.8, 5.4, 5.0, 4.8, 5.1, 4.6, 5.2, 4.9], strict=True)
        ),
        "sd_between_people_fall_2008": 1.4,
        "sd_between_people_spring_2011": 0.8,
    },
    "cpl": {
        "level_spring_2010": {
            "grade_3": dict(zip(PRACTICES, [3.4, 3.6, 3.2, 2.8, 2.6, 3.6], strict=True)),
            "grade_9": dict(zip(PRACTICES, [3.2, 2.6, 2.3, 2.2, 2.6, 3.5], strict=True)),
        },
        "change_per_year": {"grade_3": 0.15, "grade_9": 0.35},
        "sd_team_practice": 0.20,
        "sd_person": 0.35,
        "sd_person_group": 0.20,
        "sd_answer": 0.55,
        "share_knows": {"own_group": 1.0, "other_group": 0.25, "central_office": 0.85},
    },
    "ties": {
        "density_within": {
            "advice": [0.42, 0.58, 0.66, 0.68],
            "collaboration": [0.45, 0.62, 0.70, 0.72],
            "confide": [0.20, 0.28, 0.36, 0.40],
        },
        "density_between": {
            "advice": [0.02, 0.03, 0.07, 0.12],
            "collaboration": [0.03, 0.04, 0.10, 0.17],
            "confide": [0.005, 0.01, 0.02, 0.04],
        },
        "team_cohesion": dict(zip(TEAMS, [-0.6, 0.1, -0.2, 0.6, 0.1], strict=True)),
        "cohesion_on_later_between_ties": 0.5,
        "late_joiner_probit": -0.3,
        "share_of_variance": {
            "sender": 0.10,
            "receiver": 0.10,
            "dyad": 0.25,
            "direction": 0.30,
            "wave": 0.25,
        },
    },
    "response": {
        "share_survey": {
            "2008-fall": 0.94,
            "2009-spring": 0.91,
            "2010-spring": 0.89,
            "2011-spring": 0.88,
        },
        "share_network": {
            "2008-fall": 0.94,
            "2009-spring": 0.91,
            "2010-spring": 0.86,
            "2011-spring": 0.85,
        },
        "share_item_missing": 0.02,
        "engagement_logit": 0.5,
    },
    "sessions": {
        "not_held_face_to_face": 0.06,
        "not_held_virtual": 0.30,
        "attendance_probit": {
            "summer_institute": 1.3,
            "network_day": 0.9,
            "webinar": -0.1,
            "district_work_session": 1.1,
            "coaches_meeting": 1.6,
        },
        "engagement_probit": 0.4,
    },
    "ratings": {
        "level_fall_2008": 1.8,
        "change_per_year": 0.45,
        "change_per_ten_visits_above_mean": 0.25,
        "sd_rater": 0.20,
        "sd_team_criterion": 0.30,
        "sd_rating": 0.35,
    },
    "themes": {"share_coder_agrees": 0.92},
    "activity": {"posts_a_month": 11.0, "replies_a_post": 1.6, "share_replies_in_own_team": 0.45},
    "outcomes": {
        "network_effect": {"2009": 0.0, "2010": 3.0, "2011": 6.0},
        "trend_per_year": 4.0,
        "sd_district": 8.0,
        "sd_district_year": 1.5,
        "sd_school": 9.0,
        "sd_cell": 4.0,
        "sd_student": 55.0,
        "cut_score": 350.0,
    },
}
