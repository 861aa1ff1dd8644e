"""What announces a study, an expert or a speaker, by language."""

from __future__ import annotations

import re

from generation.writer.checks.phrases import Phrases

STUDY = Phrases(
    r"\b(?:"
    r"(?:a|an|the|one|this|another|recent|new|several|many|some|various|countless|\d{4}) (?:[\w-]+ ){0,3}"
    r"(?:study|studies|survey|surveys|meta-analysis|research paper)\b(?! (?:room|desk|group|plan|guide|hall"
    r"|bench)s?\b)"
    r"|(?:studies|surveys|researchers|scientists|experts|statistics|data|polls) (?:have |has |had |at [\w ]{3,40}? )?"
    r"(?:show|shown|shows|showed|find|found|finds|say|says|agree|suggest|suggests|prove|proved|proven|confirm"
    r"|confirmed"
    r"|estimate|recommend|indicate|reveal|revealed)\b"
    r"|(?:research|evidence) (?:has |have )?(?:shows|shown|found|finds|suggests|proves|proven|indicates|confirms"
    r"|published)"
    r"|(?:studies|surveys|research) (?:by|from|at) [^.!?;]{3,60} (?:show|found|find|suggest|prove)"
    r"|according to (?:a |an |the |recent |new )?(?:[\w-]+ ){0,2}"
    r"(?:study|studies|survey|research|researchers|experts?|scientists?|statistics|report|figures|data|poll)"
    r"|(?:eine|die|einer|der|neue|aktuelle|jüngste|mehrere|viele|laut) (?:[\w-]+ ){0,3}(?:studien?|umfragen?"
    r"|untersuchung(?:en)?)"
    r"|(?:studien|untersuchungen|forscher|forschende|wissenschaftler\w*|experten|umfragen) (?:haben "
    r"|hat )?(?:zeigen|belegen|fanden"
    r"|ergaben|sagen|bestätigen|herausgefunden|gezeigt|empfehlen)"
    r"|(?:laut|einer|nach) (?:experten|forschern|wissenschaftlern|studie)"
    r"|(?:une|des|l'|plusieurs|cette) ?(?:[\w-]+ )?(?:étude|études|enquête|enquêtes|sondage)\b|selon (?:une|des|les) "
    r"(?:étude|études|experts|chercheurs|enquête)"
    r"|(?:un|varios|el|según) (?:[\w-]+ )?(?:estudio|estudios|encuesta)\b|según (?:una|los|un) (?:expertos"
    r"|estudio|encuesta)"
    r"|(?:uno|gli|lo|secondo) (?:[\w-]+ )?(?:studio|studi|sondaggio)\b|secondo (?:gli esperti|uno studio"
    r"|i ricercatori)"
    r"|estudos (?:[\w-]+ )?(?:mostram|indicam|provam)|(?:um|os|segundo) (?:[\w-]+ )?(?:estudo|estudos)\b"
    r"|segundo (?:especialistas|um estudo|pesquisadores)"
    r"|(?:een|uit|volgens) (?:[\w-]+ )?(?:onderzoek|onderzoekers|studie|experts)\b"
    r"|(?:en|enligt|ifølge|viser) (?:[\w-]+ )?(?:studie|studier|undersökning|undersøgelse|undersøkelse|forskere"
    r"|forskare"
    r"|experter|eksperter)\b"
    r"|(?:tutkimuks\w+|tutkimus) (?:mukaan|osoittaa|osoitti)|forskning(?:en)? (?:viser|visar)|tutkijat"
    r"|asiantuntijoiden mukaan"
    r"|(?:badania|badanie|badań|eksperci|naukowcy) (?:pokazuj\w+|wykaz\w+|twierdz\w+|dowodz\w+)|według (?:badań"
    r"|ekspertów)"
    r"|(?:studie|výzkum\w*|průzkum\w*|odborníci) (?:ukazuj\w+|ukázal\w*|zjistil\w*|potvrd\w+)|podle (?:studie"
    r"|výzkumu|odborníků)"
    r"|дослідження (?:показ\w+|довод\w+)|за даними дослідження|за словами (?:експертів|учених)"
    r"|araştırmalar\w*|(?:bir )?araştırmaya göre|uzmanlara göre|μελέτη|μελέτες|έρευνα έδειξε|σύμφωνα με (?:έρευνα"
    r"|ειδικούς)"
    r"|(?:sebuah |menurut )?(?:penelitian|studi|survei) (?:menunjukkan|menemukan)|menurut (?:para |sebuah )?(?:ahli"
    r"|penelitian|studi)"
    r")"
    r"|(?:研究|調査)(?:によると|によれば|では|で明らか)|専門家によると"
    r"|(?:연구|조사)(?:에 따르면|결과)|전문가(?:들)?에 따르면"
    r"|(?:研究|调查|数据)(?:表明|显示|发现|指出)|专家(?:表示|认为|指出|建议)|据(?:研究|调查|专家)"
)
# In the notes: then the text may speak of one.
STUDY_IN_NOTES = Phrases(
    r"\b(?:stud(?:y|ies)|survey|research\w*|scientists?|experts?|statistic\w*|report|poll|data|studien?|umfragen?"
    r"|untersuchung\w*"
    r"|forsch\w+|expert\w+|étude\w*|enquête|sondage|chercheurs|estudi?o\w*|encuesta|studi\w*|sondaggio|ricerc\w+"
    r"|pesquisa\w*"
    r"|onderzoek\w*|undersök\w+|undersø\w+|forsk\w+|tutkim\w+|tutkij\w+|bada\w+|naukow\w+|výzkum\w*|průzkum\w*"
    r"|odborní\w+"
    r"|дослідж\w+|експерт\w+|araştırma\w*|uzman\w*|μελέτ\w+|έρευν\w+|ειδικ\w+|peneliti\w+|studi|ahli)\b"
    r"|研究|調査|专家|専門家|调查|연구|조사|전문가"
)
HONORIFIC = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Professor|Sir|Dame|Herr|Herrn|Frau|Monsieur|Madame|Mme|Señor|Señora|Sr|Sra|Signor"
    r"|Signora"
    r"|Senhor|Senhora|Meneer|Mevrouw|Pan|Pani|Pán|Paní|Пан|Пані|Bapak|Ibu|Κύριος|Κυρία|κ|Bay|Bayan)\.?\s+"
    r"(?P<name>[^\W\d_a-z][\w'’-]+(?:\s+[^\W\d_a-z][\w'’-]+)?)"
)
EAST_ASIAN_PERSON = re.compile(
    r"(?P<name>[\u4e00-\u9fff\u30a1-\u30fa\u30fc]{2,6})(?:さん|氏|教授|博士|先生|女士)"
    r"|(?P<korean>[가-힣]{2,4}) ?(?:씨|교수|박사|관장|사서|대표|시장|원장|선생님)"
)
# A speaker's name is next to one of these.
SAYS = frozenset(
    """says said explains explained adds added recalls recalled told tells notes noted according coordinator director
    chairman chairwoman manager founder professor volunteer organiser organizer spokesperson author teacher doctor chef
    sagt sagte erklärt erklärte erzählt meint laut leiterin leiter vorsitzende vorsitzender gründer gründerin
    dit explique raconte selon dice dijo explica según disse dijo spiega secondo zegt vertelt volgens säger enligt siger
    ifølge sier sanoo mówi říká каже diyor λέει kata ujar menurut""".split()
)
